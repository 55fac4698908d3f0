"""A notice as a letter with the recipient's visits for calendar programs."""

from collections.abc import Mapping
from typing import Any, Final

from chassis.calendars import Entry, Method, Status
from chassis.letters.letter import Letter, worth_until
from chassis.letters.sending import Sender
from services.inspection.notices.notice import Notice, Visit, subject, summary, text
from services.inspection.notices.outbox import notice
from services.inspection.plans.plan import assignment_id


def letter_of(row: Mapping[str, Any]) -> Letter:
    """Return the letter of a row that is due."""
    return letter(notice(row), row["email"])


def letter(told: Notice, address: str | None) -> Letter:
    """Return a notice as a letter.

    Its calendar is published, not requested: a request is of one entry, and a letter has all visits of the month.
    """
    return Letter(
        id=f"{told.plan_id}.{told.plan_version}.{told.recipient.id}",
        address=address,
        subject=subject(told),
        text=text(told),
        queued_at=told.queued_at,
        worth_until=worth_until(told.starts_at, queued_at=told.queued_at, off=told.withdrawn),
        entries=(
            *(_entry(told, one, Status.CONFIRMED) for one in told.visits),
            *(_entry(told, one, Status.CANCELLED) for one in told.gone),
        ),
        method=Method.PUBLISH,
        file_name="lich-du-sinh-hoat.ics",
        about={
            "plan": f"{told.month:%Y-%m}",
            "version": told.plan_version,
            "recipient": told.recipient.kind.value,
        },
    )


SENDER: Final = Sender(letter_of)


def _entry(told: Notice, visit: Visit, status: Status) -> Entry:
    return Entry(
        id=assignment_id(told.plan_id, visit.meeting_id),
        sequence=told.plan_version,
        starts_at=visit.starts_at,
        minutes=visit.minutes,
        summary=summary(told, visit),
        place=visit.cell_name,
        description="",
        status=status,
    )
