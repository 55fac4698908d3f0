"""Past meetings from files: what rows come to, and what is said of bad ones."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.table_rows import FileRefused
from contracts.meetings import (
    AttendanceFigures,
    BookFigures,
    InterruptionReason,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingPlanned,
    MeetingPostponed,
    MeetingRescheduled,
    MeetingStatus,
)
from contracts.membership import DocumentRef
from replicas.membership.cells import Cell
from replicas.membership.existence import Existence
from services.meetings.calendar import Month
from services.meetings.faults import FaultsFound
from services.meetings.imports.answers import FILE_EXAMPLE
from services.meetings.imports.columns import COLUMNS
from services.meetings.imports.past import Held, NotHeld, PastMeeting, Recorded, decide_past
from services.meetings.imports.rows import read_row, read_table
from services.meetings.imports.run import identity

CELL = Cell(uuid4(), "K.01.02", "Chi bộ Khoa Nội", [Existence(date(1990, 1, 1), date(2020, 9, 1))])
NOW = datetime(2021, 1, 1, tzinfo=UTC)
HEADER = ",".join(column.name for column in COLUMNS)
HELD = {
    "cell_code": "K.01.02", "kind": "regular", "month": "2020-03", "status": "held", "held_at": "2020-03-03 14:30",
    "minutes": "95", "counted": "11", "present": "9", "excused": "1", "unexcused": "1", "opinions": "7",
    "tasks": "4", "tasks_on_time": "3",
}  # fmt: skip
POSTPONED = {
    "cell_code": "K.01.02", "kind": "regular", "month": "2020-04", "status": "postponed", "reason": "epidemic",
    "document_number": "16/CT-TTg", "document_date": "2020-03-31",
}  # fmt: skip


def reading(cells, **others):
    said = cells | others
    line = ",".join(said.get(column.name, "") for column in COLUMNS)
    (row,) = read_table(f"{HEADER}\n{line}\n".encode(), workbook=False).rows
    return read_row(row, {CELL.code: CELL})


def decided(cells, known=None, now=NOW, **others):
    found = reading(cells, **others)
    assert not found.faults
    return decide_past(found.meeting, known=known, new_id=identity(found.meeting), now=now)


def faults(cells, **others):
    found = reading(cells, **others)
    if found.faults:
        return {(fault.code, fault.column) for fault in found.faults}
    with pytest.raises(FaultsFound) as raised:
        decide_past(found.meeting, known=None, new_id=uuid4(), now=NOW)
    for fault in raised.value.faults:
        assert fault.message
        assert fault.message_en
    return {(fault.code, fault.column) for fault in raised.value.faults}


def recorded(steps):
    last = steps[-1]
    book = last.event.book if isinstance(last.event, MeetingHeld) else None
    return Recorded(meeting=last.state, book=book)


def test_a_meeting_held_is_planned_and_held_without_a_roll():
    planned, held = decided(HELD)
    assert isinstance(planned.event, MeetingPlanned)
    assert isinstance(held.event, MeetingHeld)
    assert held.event.effective_date == date(2020, 3, 3)
    assert held.event.plan.starts_at == datetime(2020, 3, 3, 7, 30, tzinfo=UTC)
    assert held.event.attenders == ()
    assert held.event.attendance == AttendanceFigures(counted=11, present=9, excused=1, unexcused=1)
    assert held.event.book == BookFigures(opinions=7, tasks=4, tasks_on_time=3)
    assert (planned.state.version, held.state.version) == (1, 2)
    assert held.state.status is MeetingStatus.HELD


def test_one_put_off_says_why_and_by_which_document():
    _, put_off = decided(POSTPONED)
    assert isinstance(put_off.event, MeetingPostponed)
    assert put_off.event.reason is InterruptionReason.EPIDEMIC
    assert put_off.event.document == DocumentRef(number="16/CT-TTg", date=date(2020, 3, 31))
    assert put_off.event.decision_date == date(2020, 3, 31)
    assert put_off.event.effective_date == date(2020, 4, 1)
    assert put_off.state.status is MeetingStatus.POSTPONED


def test_one_called_off():
    _, called_off = decided(POSTPONED, status="Hủy", reason="không đủ số người", held_at="2020-04-06 08:00")
    assert isinstance(called_off.event, MeetingCancelled)
    assert called_off.event.effective_date == date(2020, 4, 6)


@pytest.mark.parametrize("row", [HELD, POSTPONED, POSTPONED | {"status": "cancelled"}])
def test_what_is_recorded_already_changes_nothing(row):
    assert decided(row, known=recorded(decided(row))) == []


def test_one_put_off_may_turn_out_to_have_been_held():
    known = recorded(decided(POSTPONED))
    anew, held = decided(HELD, known=known, month="2020-04", held_at="2020-04-28 14:30")
    assert isinstance(anew.event, MeetingRescheduled)
    assert anew.event.before.starts_at is None
    assert isinstance(held.event, MeetingHeld)
    assert (anew.state.version, held.state.version) == (3, 4)
    assert held.state.id == known.meeting.id
    assert held.event.plan.month == date(2020, 4, 1)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"minutes": "96"}, "minutes"),
        ({"present": "10", "excused": "0"}, "counted"),
        ({"opinions": "8"}, "opinions"),
        ({"theme": "Học tập và làm theo Bác"}, "theme"),
        ({"held_at": "2020-03-04 14:30"}, "held_at"),
    ],
)
def test_what_is_recorded_is_never_altered(change, column):
    with pytest.raises(FaultsFound) as raised:
        decided(HELD, known=recorded(decided(HELD)), **change)
    assert [(fault.code, fault.column) for fault in raised.value.faults] == [("recorded-otherwise", column)]


def test_one_held_was_not_put_off():
    with pytest.raises(FaultsFound):
        decided(POSTPONED, known=recorded(decided(HELD)), month="2020-03")


@pytest.mark.parametrize(
    ("row", "change", "expected"),
    [
        (HELD, {"cell_code": "K.99"}, ("unknown-cell", "cell_code")),
        (HELD, {"cell_code": ""}, ("value-missing", "cell_code")),
        (HELD, {"held_at": "2020-09-01 08:00", "month": "2020-09"}, ("not-a-cell", "cell_code")),
        (POSTPONED, {"month": "2020-10"}, ("not-a-cell", "cell_code")),
        (HELD, {"kind": "họp"}, ("unknown-word", "kind")),
        (HELD, {"status": "maybe"}, ("unknown-word", "status")),
        (HELD, {"kind": "thematic"}, ("theme-missing", "theme")),
        (HELD, {"held_at": ""}, ("value-missing", "held_at")),
        (HELD, {"held_at": "2020-02-30 08:00"}, ("time-unreadable", "held_at")),
        (HELD, {"held_at": "2020-03-03"}, ("time-unreadable", "held_at")),
        (HELD, {"month": "2020-13"}, ("month-unreadable", "month")),
        (POSTPONED, {"month": ""}, ("value-missing", "month")),
        (HELD, {"minutes": "1,5"}, ("ragged-row", None)),
        (HELD, {"minutes": "chín mươi"}, ("number-unreadable", "minutes")),
        (HELD, {"minutes": "-5"}, ("number-unreadable", "minutes")),
        (HELD, {"minutes": "0"}, ("minutes-impossible", "minutes")),
        (HELD, {"minutes": "1441"}, ("minutes-impossible", "minutes")),
        (HELD, {"present": "10"}, ("attendance-does-not-add-up", "counted")),
        (HELD, {"present": "8"}, ("attendance-does-not-add-up", "counted")),
        (HELD, {"present": ""}, ("value-missing", "present")),
        (HELD, {"tasks_on_time": "5"}, ("more-on-time-than-tasks", "tasks_on_time")),
        (HELD, {"reason": "epidemic"}, ("only-if-not-held", "reason")),
        (HELD, {"theme": "x" * 301}, ("text-too-long", "theme")),
        (POSTPONED, {"present": "1"}, ("only-if-held", "present")),
        (POSTPONED, {"reason": ""}, ("value-missing", "reason")),
        (POSTPONED, {"document_date": ""}, ("value-missing", "document_date")),
        (POSTPONED, {"document_number": ""}, ("value-missing", "document_number")),
        (POSTPONED, {"document_date": "31/02/2020"}, ("day-unreadable", "document_date")),
    ],
)
def test_what_is_wrong_in_a_row(row, change, expected):
    assert expected in faults(row, **change)


def test_a_meeting_is_past_once_it_is_over():
    over = datetime(2020, 3, 3, 7, 30, tzinfo=UTC) + timedelta(minutes=95)
    assert decided(HELD, now=over)
    with pytest.raises(FaultsFound, match="in-the-future"):
        decided(HELD, now=over - timedelta(seconds=1))


def test_a_month_begins_in_viet_nam():
    began = datetime(2020, 3, 31, 17, tzinfo=UTC)
    assert decided(POSTPONED, now=began)
    with pytest.raises(FaultsFound, match="month-to-come"):
        decided(POSTPONED, now=began - timedelta(seconds=1))


def test_vietnamese_words_times_and_headers_are_understood():
    labels = ";".join(column.labels[0] for column in COLUMNS)
    line = "K.01.02;Định kỳ;04/2020;Đã họp;28/4/2020 14:30;95;;11;9;1;1;7;4;3;;;"
    (row,) = read_table(f"\ufeff{labels}\n{line}\n".encode(), workbook=False).rows
    found = read_row(row, {CELL.code: CELL})
    assert found.faults == []
    assert found.meeting.at == datetime(2020, 4, 28, 7, 30, tzinfo=UTC)
    assert found.meeting.month == Month(2020, 4)


def test_a_meeting_late_in_the_evening_is_of_its_own_day():
    found = reading(HELD, month="", held_at="2020-04-01 00:30")
    assert found.meeting.month == Month(2020, 4)
    assert found.meeting.at == datetime(2020, 3, 31, 17, 30, tzinfo=UTC)


def test_one_of_another_month_is_to_be_looked_at():
    found = reading(HELD, held_at="2020-04-02 14:30")
    assert [warning.code for warning in found.warnings] == ["counts-for-another-month"]


def test_the_example_of_the_document_can_be_read():
    rows = read_table(FILE_EXAMPLE.encode(), workbook=False).rows
    assert [read_row(row, {CELL.code: CELL}).faults for row in rows] == [[], []]


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "empty-file"), (b"a,b\n1,2\n", "missing-column"), (b"\xff\xfe", "not-utf-8"),
     (f"{HEADER},kind\n".encode(), "duplicate-column")],
)  # fmt: skip
def test_what_is_no_such_file(body, code):
    with pytest.raises(FileRefused) as raised:
        read_table(body, workbook=False)
    assert code in {located.fault.code for located in raised.value.faults}
    for located in raised.value.faults:
        assert located.fault.message


days = st.datetimes(datetime(2000, 1, 1), datetime(2020, 8, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
counts = st.tuples(*[st.integers(0, 50)] * 3)


@st.composite
def pasts(draw):
    at = draw(days)
    if draw(st.booleans()):
        present, excused, unexcused = draw(counts)
        tasks = draw(st.integers(0, 20))
        outcome = Held(
            minutes=draw(st.integers(1, 600)),
            attendance=AttendanceFigures(
                counted=present + excused + unexcused, present=present, excused=excused, unexcused=unexcused
            ),
            book=BookFigures(
                opinions=draw(st.integers(0, 30)), tasks=tasks, tasks_on_time=draw(st.integers(0, tasks))
            ),
        )
    else:
        outcome = NotHeld(cancelled=draw(st.booleans()), reason=draw(st.sampled_from(InterruptionReason)))
    return PastMeeting(
        cell_id=CELL.id, kind=draw(st.sampled_from(MeetingKind)), month=Month.of(at.date()), at=at, theme="Chủ đề",
        outcome=outcome,
    )  # fmt: skip


@given(pasts())
def test_whatever_is_recorded_is_found_again(asked):
    steps = decide_past(asked, known=None, new_id=identity(asked), now=NOW)
    assert [step.state.version for step in steps] == [1, 2]
    assert steps[-1].state.status is asked.status
    assert {step.event.aggregate_id for step in steps} == {identity(asked)}
    assert decide_past(asked, known=recorded(steps), new_id=uuid4(), now=NOW) == []
