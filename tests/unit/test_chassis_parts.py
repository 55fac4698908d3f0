"""Parts of the chassis that need no server."""

import asyncio
import io
import logging
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import asyncpg
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from chassis import failures, logs, sequences, tracing
from chassis.cloudevents import UnreadableEventError, decode_headers, encode_headers, instant
from chassis.failures import StaleMarkError, backoff, is_transient, keep_running, run_until_done
from chassis.migrations import MigrationError
from chassis.publications import PARTITIONS, Publication, message, whole
from chassis.sequencer import StreamedEvent
from chassis.settings import read_settings
from chassis.tables import in_xml

MOMENT = datetime(2020, 11, 30, 17, 0, 0, 1, tzinfo=UTC)


def event(sequence, key=None):
    return StreamedEvent(sequence, sequence, key or uuid4(), 1, "t", "{}", None, MOMENT, b"")


numbers = st.integers(1, sequences.LAST)


@given(numbers, st.data(), st.text(max_size=20), st.text(max_size=20))
def test_what_is_written_into_headers_is_read_from_them(sequence, data, source, type_):
    previous = data.draw(st.integers(0, sequence - 1))
    headers = encode_headers(
        source=source, type_=type_, subject=UUID(int=1), recorded_at=MOMENT, sequence=sequence,
        previous=previous, traceparent=None,
    )  # fmt: skip
    read = decode_headers(headers)
    assert (read.source, read.type, read.sequence, read.previous) == (source, type_, sequence, previous)
    assert read.time == "2020-11-30T17:00:00.000001Z"


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.text(max_size=5)), st.one_of(st.none(), st.binary(max_size=20)))
    )
)
def test_other_headers_are_unreadable_and_nothing_worse(headers):
    with pytest.raises(UnreadableEventError):
        decode_headers(headers)


def test_a_header_of_somebody_elses_may_be_double_but_none_of_ours():
    headers = encode_headers(
        source="s",
        type_="t",
        subject=UUID(int=1),
        recorded_at=MOMENT,
        sequence=2,
        previous=1,
        traceparent="a",
    )
    assert decode_headers([*headers, ("traceparent", b"b")]).sequence == 2
    for name in ("ce_type", "ce_sequence", "ce_source"):
        with pytest.raises(UnreadableEventError, match=name):
            decode_headers([*headers, (name, b"x")])


def test_an_instant_is_told_in_utc():
    local = datetime(2020, 12, 1, 0, 0, tzinfo=timezone(timedelta(hours=7)))
    assert instant(local) == "2020-11-30T17:00:00.000000Z"


@given(st.integers(1, sequences.EPOCHS), numbers)
def test_a_new_epoch_begins_above_every_earlier_sequence(epoch, sequence):
    first = sequences.in_epoch(epoch, sequence)
    assert sequences.epoch_of(first) in {epoch, epoch + 1}
    if epoch > sequences.epoch_of(sequence):
        assert first > sequence
    assert first < 2**63
    assert sequences.LAST < 2**63


@given(st.lists(st.uuids(), max_size=30))
def test_each_record_names_the_one_before_it_in_its_partition(keys):
    publication, previous = Publication("topic", "source", whole), {}
    last = {}
    for sequence, key in enumerate(keys, 1):
        record = message(publication, event(sequence, key), previous)
        assert 0 <= record.partition < PARTITIONS
        assert decode_headers(record.headers).previous == last.get(record.partition, 0)
        last[record.partition] = sequence


def test_an_event_that_is_not_for_a_topic_is_no_link_of_its_chain():
    public, previous = Publication("topic", "source", lambda e: whole(e) if e.sequence != 2 else None), {}
    key = uuid4()
    records = [message(public, event(sequence, key), previous) for sequence in (1, 2, 3)]
    assert records[1] is None
    assert decode_headers(records[2].headers).previous == 1


@pytest.mark.parametrize(
    "error",
    [
        OSError(), TimeoutError(), StaleMarkError(), asyncpg.InterfaceError("closed"),
        asyncpg.InternalClientError("cannot switch to state 12"), asyncpg.DiskFullError("full"),
        asyncpg.SerializationError("again"), asyncpg.TooManyConnectionsError("many"),
        asyncpg.ReadOnlySQLTransactionError("standby"), asyncpg.UndefinedColumnError("to come"),
    ],
)  # fmt: skip
def test_what_lies_in_the_surroundings_passes(error):
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(), KeyError(),
        asyncpg.UniqueViolationError("twice"), asyncpg.CheckViolationError("wrong"), asyncpg.DataError("wrong"),
    ],
)  # fmt: skip
def test_what_lies_in_the_event_does_not(error):
    assert not is_transient(error)


def test_waits_grow_and_stay_bounded():
    assert all(0.05 <= backoff(n) <= 5 for n in range(1, 2000))
    assert all(backoff(1) <= 0.2 for _ in range(100))


async def test_work_that_fails_or_ends_is_begun_again_after_a_wait_and_each_failure_is_told(monkeypatch):
    waits, outcomes = [], [OSError("away"), RuntimeError("unforeseen"), None, asyncio.CancelledError()]

    async def work():
        if outcome := outcomes.pop(0):
            raise outcome

    async def sleep(seconds):
        waits.append(seconds)

    monkeypatch.setattr(failures.asyncio, "sleep", sleep)
    with structlog.testing.capture_logs() as logs, pytest.raises(asyncio.CancelledError):
        await keep_running("work", work)
    assert len(waits) == 3
    assert min(waits) >= 0.05
    assert [(entry["event"], bool(entry["exc_info"])) for entry in logs] == [
        ("work-failed", False),
        ("work-failed", True),
    ]


async def test_work_to_be_done_once_waits_for_servers_but_not_for_miracles(monkeypatch):
    outcomes = [OSError("away"), None]

    async def work():
        if outcome := outcomes.pop(0):
            raise outcome

    monkeypatch.setattr(failures, "backoff", lambda _: 0)
    await run_until_done("work", work)
    outcomes[:] = [RuntimeError("wrong")]
    with pytest.raises(RuntimeError, match="wrong"):
        await run_until_done("work", work)


def test_a_trace_is_taken_over_where_it_makes_sense():
    good = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    assert tracing.begin(good) == tracing.current() == good
    for bad in (None, "", "x", "00-" + "0" * 32 + "-" + "b" * 16 + "-01", good + "\n", good.upper()):
        begun = tracing.begin(bad)
        assert begun not in {bad, good}
        assert tracing._VALID.fullmatch(begun)


def test_settings_name_each_variable_that_is_wrong(monkeypatch):
    monkeypatch.setenv("CHIBO_DATABASE_URL", "mysql://secret@x")
    monkeypatch.setenv("CHIBO_MAX_EVENT_BYTES", "99999999")
    monkeypatch.delenv("CHIBO_KAFKA", raising=False)
    with pytest.raises(SystemExit) as refused:
        read_settings()
    told = str(refused.value)
    assert all(name in told for name in ("CHIBO_DATABASE_URL", "CHIBO_KAFKA", "CHIBO_MAX_EVENT_BYTES"))
    assert "secret" not in told


def test_a_setting_that_is_empty_is_not_set(monkeypatch):
    monkeypatch.setenv("CHIBO_DATABASE_URL", "postgresql://x")
    monkeypatch.setenv("CHIBO_KAFKA", "127.0.0.1:1")
    monkeypatch.setenv("CHIBO_SMTP_HOST", "")
    monkeypatch.setenv("CHIBO_SMTP_PORT", "")
    settings = read_settings()
    assert (settings.smtp_host, settings.smtp_port) == (None, 587)


def test_a_library_that_repeats_itself_is_logged_seldom_and_we_always():
    seldom = logs._Seldom()

    def passes(name, text, at):
        line = logging.LogRecord(name, logging.ERROR, "", 0, text, (), None)
        line.created = at
        return seldom.filter(line)

    told = [passes("aiokafka.conn", "Unable connect to node %s", at / 10) for at in range(1000, 1300)]
    assert sum(told) == 3
    assert passes("aiokafka.conn", "Something else", 130.0)
    assert all(passes("chibo", "work-failed", 100.0) for _ in range(5))
    for n in range(2000):
        passes("aiokafka.conn", f"{n}", 200.0)
    assert len(seldom._last) <= 500


def test_logs_tell_where_an_error_came_from_but_not_what_it_quotes():
    person = "Nguyễn Văn A"

    def inner():
        raise ValueError(person)

    try:
        try:
            inner()
        except ValueError as cause:
            raise ExceptionGroup(person, [KeyError(person)]) from cause
    except ExceptionGroup as error:
        for given in (error, (type(error), error, error.__traceback__), True):
            written = logs._trace_without_values(None, "error", {"event": "x", "exc_info": given})[
                "exception"
            ]
            assert "Nguyễn" not in written
            kinds = [
                "in inner",
                "builtins.ValueError",
                "followed by",
                "builtins.ExceptionGroup",
                "builtins.KeyError",
            ]
            places = [written.index(kind) for kind in kinds]
            assert places == sorted(places)
    assert failures.told(ValueError(person)) == "ValueError"
    assert "changed" in failures.told(MigrationError("x was changed"))
    stopped = {"exc_info": ExceptionGroup("", [MigrationError("x was changed")])}
    assert "x was changed" in logs._trace_without_values(None, "critical", stopped)["exception"]
    assert "refused" in failures.told(ConnectionRefusedError("refused"))
    assert logs._trace_without_values(None, "info", {"event": "x", "exc_info": None}) == {"event": "x"}


def test_a_workbook_holds_what_xml_has_no_place_for_as_the_sign_for_it() -> None:
    book = Workbook()
    book.active["A1"] = in_xml("Chi bộ\x01 Tiền\ufffe Phong\n")
    file = io.BytesIO()
    book.save(file)
    assert load_workbook(file).active["A1"].value == "Chi bộ\ufffd Tiền\ufffd Phong\n"
