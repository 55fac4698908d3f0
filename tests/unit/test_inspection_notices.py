"""What visitors and cells are told of a plan, in words and for calendars, by pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chassis.calendars import Method, Status
from chassis.letters.letter import written
from chassis.letters.recipients import Recipient, RecipientKind
from services.inspection.notices.letters import letter
from services.inspection.notices.notice import Notice, Visit, subject, text, to_come

NOW = datetime(2030, 2, 25, tzinfo=UTC)
SENDER = "vp@dangboso.example"


def visit(number, day, hour=7):
    return Visit(
        meeting_id=UUID(int=number),
        starts_at=datetime(2030, 3, day, hour, 30, tzinfo=UTC),
        minutes=90,
        cell_name=f"Chi bộ {number}",
        team_name="Tổ công tác số 1",
    )


def told(visits, before=(), kind=RecipientKind.MEMBER):
    return Notice(
        plan_id=UUID(int=9),
        plan_version=4,
        month=date(2030, 3, 1),
        recipient=Recipient(kind, UUID(int=8)),
        queued_at=NOW,
        visits=tuple(visits),
        before=tuple(before),
    )


def test_a_visitor_reads_their_list_what_is_new_what_moved_and_what_is_off():
    first = told([visit(1, 4), visit(2, 5)])
    assert subject(first) == "Phân công dự sinh hoạt chi bộ, tháng 03/2030"
    assert "- 14:30 ngày 04/03/2030: Chi bộ 1 (Tổ công tác số 1)\n- 14:30 ngày 05/03/2030" in text(first)
    assert "buổi mới" not in text(first)
    changed = text(told([visit(2, 6), visit(3, 7)], before=first.visits))
    assert changed.startswith("Thay đổi phân công dự sinh hoạt chi bộ, tháng 03/2030.")
    assert (
        "- 14:30 ngày 06/03/2030: Chi bộ 2 (Tổ công tác số 1), trước đây là 14:30 ngày 05/03/2030" in changed
    )
    assert "Chi bộ 3 (Tổ công tác số 1), buổi mới" in changed
    assert "không phải dự các buổi sau nữa:\n- 14:30 ngày 04/03/2030: Chi bộ 1" in changed
    off = told([], before=first.visits)
    assert subject(off).startswith("Thôi phân công dự sinh hoạt")
    assert "được phân công dự" not in text(off)


def test_a_cell_reads_which_team_comes():
    comes = text(told([visit(1, 4)], kind=RecipientKind.UNIT))
    assert "tổ công tác cử người dự sinh hoạt với chi bộ:\n- 14:30 ngày 04/03/2030" in comes
    assert "chuẩn bị sổ sách" in comes
    off = text(told([], before=[visit(1, 4)], kind=RecipientKind.UNIT))
    assert "Tổ công tác không dự các buổi sau nữa" in off
    assert "chuẩn bị" not in off


def test_calendars_are_given_what_is_to_come_and_what_is_off():
    made = letter(told([visit(2, 6)], before=[visit(1, 4), visit(2, 5)]), "a@soyte.example")
    assert made.method is Method.PUBLISH
    assert [(one.status, one.sequence) for one in made.entries] == [
        (Status.CONFIRMED, 4), (Status.CANCELLED, 4),
    ]  # fmt: skip
    message = written(made, sender=SENDER)
    assert b"ATTENDEE" not in message.as_bytes(), (
        "what is published has no attendees (RFC 5546, section 3.2.1)"
    )


def test_it_is_worth_telling_until_the_last_visit_and_longer_that_it_is_off():
    assert letter(told([visit(1, 4), visit(2, 5)]), None).worth_until == visit(2, 5).starts_at
    soon = replace(told([], before=[visit(1, 1)]), queued_at=visit(1, 1).starts_at - timedelta(hours=1))
    assert letter(soon, None).worth_until == soon.queued_at + timedelta(days=2)


visits = st.lists(st.builds(visit, st.integers(1, 5), st.integers(1, 28)), max_size=6)


@given(visits, st.integers(0, 40).map(lambda days: NOW + timedelta(days=days, hours=7, minutes=30)))
def test_of_what_is_over_nobody_is_told(of, now):
    ahead = to_come(of, now)
    assert sorted(ahead, key=lambda one: one.starts_at) == list(ahead)
    assert all(one.starts_at > now for one in ahead)
    assert len(ahead) == sum(one.starts_at > now for one in of)
