"""CloudEvents 1.0 in Kafka's binary mode: attributes in headers `ce_…`, the event's JSON as the value.

Sources: CloudEvents specification 1.0.2; Kafka protocol binding 1.0.2; extensions *sequence* (here the event's
place in its service's stream) and *distributed tracing*. `previoussequence` is an extension of ours: the
sequence that the same service sent to the same partition just before.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from chassis import sequences

SEQUENCE_DIGITS: Final = 19
_SPECVERSION: Final = b"1.0"
_CONTENT_TYPE: Final = b"application/json"

Header = tuple[str, bytes]
RawHeaders = Sequence[tuple[str | None, bytes | None]]


class UnreadableEventError(ValueError):
    """A record that is no event of ours: a header is missing, not text, or makes no sense."""


class Attributes(NamedTuple):
    """The context attributes that a consumer decides by. A tuple: one is made for every record of a replay."""

    type: str
    source: str
    time: str
    """The instant of recording, RFC 3339 in UTC."""
    sequence: int
    previous: int


def instant(moment: datetime) -> str:
    """Return an instant as RFC 3339 text in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def encode_headers(
    *,
    source: str,
    type_: str,
    subject: UUID,
    recorded_at: datetime,
    sequence: int,
    previous: int,
    traceparent: str | None,
) -> list[Header]:
    """Return the headers of one event. `ce_id` is the sequence: unique within the source, as the standard asks."""
    number = b"%0*d" % (SEQUENCE_DIGITS, sequence)
    headers: list[Header] = [
        ("ce_specversion", _SPECVERSION),
        ("ce_id", number),
        ("ce_source", source.encode()),
        ("ce_type", type_.encode()),
        ("ce_subject", str(subject).encode()),
        ("ce_time", instant(recorded_at).encode()),
        ("ce_sequence", number),
        ("ce_previoussequence", b"%0*d" % (SEQUENCE_DIGITS, previous)),
        ("content-type", _CONTENT_TYPE),
    ]
    if traceparent is not None:
        headers.append(("traceparent", traceparent.encode()))
    return headers


def decode_headers(headers: RawHeaders) -> Attributes:
    """Return what a consumer needs of a record's headers.

    Raises UnreadableEventError where one is missing, is given twice, or cannot be read.
    """
    # dict() is C speed, and this runs for every record of a replay.
    found = dict(headers)
    if len(found) != len(headers) and (doubled := _doubled_attribute(headers)):
        raise UnreadableEventError(f"{doubled} is given twice")
    try:
        sequence, previous = found["ce_sequence"], found["ce_previoussequence"]
        # int() alone would also take b"+7", b" 7" and b"1_0".
        if not (len(sequence) == len(previous) == SEQUENCE_DIGITS and (sequence + previous).isdigit()):  # type: ignore[arg-type, operator]
            raise UnreadableEventError(
                f"not sequences of {SEQUENCE_DIGITS} digits: {previous!r}, {sequence!r}"
            )
        attributes = Attributes(
            found["ce_type"].decode(),  # type: ignore[union-attr]
            found["ce_source"].decode(),  # type: ignore[union-attr]
            found["ce_time"].decode(),  # type: ignore[union-attr]
            int(sequence),  # type: ignore[arg-type]
            int(previous),  # type: ignore[arg-type]
        )
    except (KeyError, AttributeError, UnicodeDecodeError, TypeError) as error:
        raise UnreadableEventError(f"{type(error).__name__}: {error}") from None
    if not attributes.previous < attributes.sequence <= sequences.LAST:
        raise UnreadableEventError(
            "the sequence does not follow the previous one, or is beyond every sequence"
        )
    return attributes


def _doubled_attribute(headers: RawHeaders) -> str | None:
    names = [name for name, _ in headers if name is not None and name.startswith("ce_")]
    return next((name for name in names if names.count(name) > 1), None)


def printable_headers(headers: Sequence[tuple[str | None, bytes | None]]) -> list[list[str | None]]:
    """Return headers as JSON can hold them, whatever bytes they are, to be looked at later."""
    return [
        [name, None if value is None else value.decode(errors="backslashreplace")] for name, value in headers
    ]
