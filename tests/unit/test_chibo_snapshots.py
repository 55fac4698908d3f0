"""What an officer reads of a frozen figure that became another."""

from chibo.reporting.snapshots import show_diff

DIFF = {
    "previous": 1,
    "revision": 2,
    "figures": [{"unit": None, "measure": "members", "before": 2712, "after": 2711}],
    "events": [
        {
            "topic": "chibo.membership.internal.v1", "sequence": 1_000_000_000_000_099,
            "type": "vn.chibo.membership.member-left.v1", "effective_date": "2020-11-21", "about": ["died"],
            "recorded_at": "2020-12-05T01:30:00Z",
        },
        {
            "topic": "chibo.inspection.internal.v1", "sequence": 7, "type": None, "effective_date": None,
            "about": ["visit"], "recorded_at": "2020-12-05T18:00:00Z",
        },
    ],
}  # fmt: skip


def test_a_diff_says_in_words_which_events_made_it_and_when_they_hold_and_were_recorded(capsys):
    show_diff(DIFF, {"members": "Đảng viên"})
    told = capsys.readouterr().out
    assert "Đảng viên" in told
    assert "2.712" in told
    assert "2 sự kiện đến muộn" in told
    assert (
        "Ra khỏi danh sách (từ trần), từ ngày 21/11/2020, ghi nhận lúc 05/12/2020 08:30"
        " (membership, số 1000000000000099)" in told
    )
    assert "lần dự của tổ công tác, ghi nhận lúc 06/12/2020 01:00 (inspection, số 7)" in told


def test_the_first_revision_has_nothing_before_it(capsys):
    show_diff({"previous": None, "revision": 1, "figures": [], "events": []}, {})
    assert capsys.readouterr().out.strip() == "Đây là lần chốt đầu."
