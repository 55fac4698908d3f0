"""What the page of a correction says: which pages it corrects, why, what they said and what holds instead. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from contracts.corrections import CorrectedField
from services.meetings.book.pages import Approved, attender_json, canonical, heading
from services.meetings.corrections.domain import Corrected, Said, VotedOn, differing_of
from services.meetings.resolutions.domain import WriteDown
from services.meetings.resolutions.tasks import Task


def correction_content(
    approved: Approved,
    corrected: Corrected,
    *,
    series: str,
    number: int,
    reason: str,
    approved_by: Sequence[object],
    corrects: Sequence[int],
) -> str:
    """Return what the page of a correction says, as canonical JSON."""
    return canonical(
        {
            **heading(approved),
            "series": series,
            "number": number,
            "reason": reason,
            "approved_by": approved_by,
            "corrects": corrects,
            "fields": corrected.fields,
            "before": _side(corrected.was, corrected.now, corrected.fields),
            "after": _side(corrected.now, corrected.was, corrected.fields),
        }
    )


def _side(said: Said, other: Said, fields: Sequence[CorrectedField]) -> dict[str, Any]:
    return {field.value: _WORDS[field](said, other) for field in fields}


def _opinions(written: WriteDown) -> list[dict[str, Any]]:
    return [{"speaker_id": one.speaker_id, "text": one.text} for one in written.opinions]


def _resolution(one: VotedOn) -> dict[str, Any]:
    ballot = one.ballot.model_dump()
    return {"id": one.id, "subject": one.subject, "text": one.text, "carried": one.carried, **ballot}


def _task(one: Task) -> dict[str, Any]:
    return {"id": one.id, "member_id": one.member_id, "text": one.content, "due_on": one.first_due_on}


# Of lists of people, resolutions and tasks only what is otherwise on the other side.
_WORDS: Final[Mapping[CorrectedField, Callable[[Said, Said], Any]]] = {
    CorrectedField.BEGAN_AT: lambda said, _: said.began_at,
    CorrectedField.MINUTES: lambda said, _: said.minutes,
    CorrectedField.PLACE: lambda said, _: said.place,
    CorrectedField.ROLL: lambda said, other: [
        attender_json(one) for one in differing_of(said.roll, other.roll)
    ],
    CorrectedField.CHAIR: lambda said, _: said.written.chair_id,
    CorrectedField.RECORDER: lambda said, _: said.written.recorder_id,
    CorrectedField.GUESTS: lambda said, _: said.written.guests,
    CorrectedField.OPINIONS: lambda said, _: _opinions(said.written),
    CorrectedField.CONCLUSIONS: lambda said, _: [
        {"point": point, "text": text} for point, text in sorted(said.written.conclusions)
    ],
    CorrectedField.ABSENCES: lambda said, _: [
        {"member_id": member, "reason": reason} for member, reason in sorted(said.written.absences)
    ],
    CorrectedField.DIRECTIONS: lambda said, _: said.written.directions,
    CorrectedField.RESOLUTIONS: lambda said, other: [
        _resolution(one) for one in differing_of(said.resolutions, other.resolutions)
    ],
    CorrectedField.TASKS: lambda said, other: [_task(one) for one in differing_of(said.tasks, other.tasks)],
}
