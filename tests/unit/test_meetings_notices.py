"""Who is told of a meeting and in which words, by pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.letters.letter import written
from chassis.letters.recipients import Recipient, RecipientKind
from chassis.letters.sending import wait
from contracts.meetings import InterruptionReason, MeetingKind
from contracts.notices import NoticeTopic
from services.meetings.notices.letters import letter
from services.meetings.notices.notice import (
    Notice,
    addressed,
    subject,
    text,
)

recipients = st.builds(
    Recipient, st.sampled_from(RecipientKind), st.integers(1, 9).map(lambda n: UUID(int=n))
)
NOTICE = Notice(
    meeting_id=UUID(int=7),
    meeting_version=3,
    queued_at=datetime(2026, 2, 28, 1, tzinfo=UTC),
    topic=NoticeTopic.ANNOUNCED,
    cell_name="Chi bộ Khoa Nội",
    kind=MeetingKind.REGULAR,
    starts_at=datetime(2026, 2, 28, 17, 30, tzinfo=UTC),
    minutes=90,
    place="Phòng họp",
    theme=None,
    agenda=("Đánh giá", "Phương hướng"),
)


@given(st.sets(recipients), st.sets(recipients))
def test_each_is_told_once_and_only_who_was_told_before_can_be_let_off(to_come, told_before):
    told = addressed(to_come, told_before)
    assert [one.recipient for one in told] == sorted(to_come | told_before)
    assert {one.recipient for one in told if one.withdrawn} == told_before - to_come


def test_the_time_is_that_of_viet_nam_on_both_sides_of_midnight():
    assert subject(NOTICE, withdrawn=False).endswith("00:30 ngày 01/03/2026")


@pytest.mark.parametrize(
    ("topic", "withdrawn", "begins", "holds"),
    [
        (NoticeTopic.ANNOUNCED, False, "Mời họp: ", "Địa điểm: Phòng họp\nNội dung:\n1. Đánh giá\n2. Phương hướng\n"),
        (NoticeTopic.CHANGED, False, "Mời họp (có thay đổi): ", "Thời gian: 00:30 ngày 01/03/2026"),
        (NoticeTopic.CHANGED, True, "Thôi mời họp: ", "không còn trong danh sách"),
        (NoticeTopic.POSTPONED, False, "Hoãn họp: ", "Lý do: thiên tai\nThời gian mới sẽ được báo sau."),
        (NoticeTopic.CANCELLED, False, "Hủy họp: ", "Lý do: thiên tai\nKhông họp nữa."),
    ],
)  # fmt: skip
def test_the_words_of_a_notice(topic, withdrawn, begins, holds):
    off = topic in {NoticeTopic.POSTPONED, NoticeTopic.CANCELLED}
    notice = replace(NOTICE, topic=topic, reason=InterruptionReason.DISASTER if off else None)
    words = text(notice, withdrawn=withdrawn)
    assert words.startswith(begins)
    assert holds in words


def test_whoever_prepares_points_is_told_which():
    notice = replace(NOTICE, prepared_by=(UUID(int=4), UUID(int=5)))
    asked = text(notice, withdrawn=False, to=UUID(int=5))
    assert "Đồng chí được phân công chuẩn bị nội dung 2." in asked
    for other in (UUID(int=6), None):
        assert "phân công" not in text(notice, withdrawn=False, to=other)


@given(st.text(max_size=200), st.text(max_size=200), st.lists(st.text(max_size=80), max_size=4))
def test_whatever_is_written_makes_a_letter_that_every_server_takes(name, place, agenda):
    name, place, *agenda = (part.encode("utf-8", "ignore").decode() for part in (name, place, *agenda))
    notice = replace(NOTICE, cell_name=name, place=place, agenda=tuple(agenda))
    recipient = Recipient(RecipientKind.MEMBER, UUID(int=1))
    told = letter(notice, recipient, withdrawn=False, address="a@b.example")
    raw = written(told, sender="vp@dangboso.example").as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert written(told, sender="vp@dangboso.example")["Message-ID"] == (
        f"<{UUID(int=7)}.3.{UUID(int=1)}@dangboso.example>"
    )


def test_waits_grow_up_to_a_quarter_of_an_hour():
    waits = [wait(attempt) for attempt in range(1, 100)]
    assert waits[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)
