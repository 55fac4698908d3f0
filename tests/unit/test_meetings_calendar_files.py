"""Calendar files hold whatever is written of a meeting, as RFC 5545 wants it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from chassis.calendars import Entry, Method, Status, calendar_text

MEETING = UUID("0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11")
MADE = datetime(2026, 2, 28, 1, 0, tzinfo=UTC)
# What a person may write: no surrogates, and no control characters but line ends.
# A backslash before an N is read back as one before an n: icalendar's reader takes it for a line end first.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=400).filter(
    lambda text: "\\N" not in text
)
instants = st.integers(200_000_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def entry(**other):
    known = {
        "id": MEETING, "sequence": 3, "starts_at": datetime(2026, 3, 3, 7, 30, tzinfo=UTC), "minutes": 90,
        "summary": "Sinh hoạt chi bộ định kỳ - Chi bộ Khoa Nội", "place": "Phòng họp tầng 2; nhà A, khu B",
        "description": "Nội dung:\n1. Đánh giá nghị quyết tháng 2", "status": Status.CONFIRMED,
    }  # fmt: skip
    return Entry(**(known | other))


def written(*entries, method=Method.PUBLISH, **other):
    return calendar_text(entries, method, made_at=MADE, organizer="vp@dangboso.example", **other)


def test_a_request_as_it_is_sent():
    assert written(entry(), method=Method.REQUEST, attendee="a@b.example").decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chi Bo//chibo//VI",
        "METHOD:REQUEST",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Ho_Chi_Minh",
        "BEGIN:STANDARD",
        "DTSTART:19750613T000000",
        "TZNAME:+07",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0700",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "SUMMARY:Sinh hoạt chi bộ định kỳ - Chi bộ Khoa Nội",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20260303T143000",
        "DTEND;TZID=Asia/Ho_Chi_Minh:20260303T160000",
        "DTSTAMP:20260228T010000Z",
        "UID:0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11@chibo",
        "SEQUENCE:3",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT:mailto:a@b.example",
        "DESCRIPTION:Nội dung:\\n1. Đánh giá nghị quyết tháng 2",
        "LOCATION:Phòng họp tầng 2\\; nhà A\\, khu B",
        "ORGANIZER:mailto:vp@dangboso.example",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_what_is_off_without_a_new_time_has_none():
    off = written(entry(starts_at=None, status=Status.CANCELLED), method=Method.CANCEL)
    [event] = Calendar.from_ical(off).walk("VEVENT")
    assert "DTSTART" not in event
    assert event["STATUS"] == "CANCELLED"
    with pytest.raises(ValueError, match="has no time"):
        written(entry(starts_at=None))


@given(texts, texts, texts, st.integers(1, 10_000))
def test_whatever_is_written_is_read_again(summary, place, description, sequence):
    text = written(entry(summary=summary, place=place, description=description, sequence=sequence))
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert (event["SUMMARY"], event["LOCATION"], event["SEQUENCE"]) == (summary, place, sequence)
    assert event.get("DESCRIPTION", "") == description


@given(st.text(max_size=300), st.text(max_size=300))
def test_lines_are_short_and_whole_and_hold_no_control_characters(summary, place):
    summary, place = (text.encode("utf-8", "ignore").decode() for text in (summary, place))
    text = written(entry(summary=summary, place=place))
    lines = text.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    for line in lines:
        assert len(line) <= 75
        assert min(line.decode(), default=" ") >= " "


@given(instants, st.integers(1, 600))
def test_times_are_those_of_viet_nam(starts_at, minutes):
    [event] = Calendar.from_ical(written(entry(starts_at=starts_at, minutes=minutes))).walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event["DTSTART"].dt.replace(tzinfo=None) == (starts_at + timedelta(hours=7)).replace(tzinfo=None)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=minutes)


def test_the_edge_of_the_day_in_viet_nam_and_29_february():
    late = entry(starts_at=datetime(2024, 2, 29, 16, 30, tzinfo=UTC), minutes=60)
    [event] = Calendar.from_ical(written(late)).walk("VEVENT")
    assert event["DTSTART"].dt.date() == date(2024, 2, 29)
    assert event["DTEND"].dt.date() == date(2024, 3, 1)
