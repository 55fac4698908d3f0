"""One made-up event of each type about working teams: those of 2020."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.inspection import (
    Absence,
    AbsenceRecorded,
    AbsenceRestated,
    Seat,
    TeamAreaSet,
    TeamDissolved,
    TeamFormed,
    TeamMemberReleased,
    TeamMemberSeated,
    TeamRestated,
    TeamRole,
    TeamSeatRestated,
    TeamTerms,
)
from contracts.inspection_public import public_form
from contracts.membership import DocumentRef

_TEAM: Final = UUID("01937b2e-5f00-7a10-8c00-000000000101")
_SEAT: Final = UUID("01937b2e-5f00-7a10-8c00-000000000102")
_ABSENCE: Final = UUID("01937b2e-5f00-7a10-8c00-000000000103")
_MEMBER: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000d1")
_COMMITTEE: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000a1")
_CELL: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000c1")
_FORMED, _ENDED, _DECIDED = date(2020, 1, 15), date(2020, 12, 31), date(2020, 1, 10)
_DOCUMENT: Final = DocumentRef(number="12-QĐ/ĐUK", date=_DECIDED)
_TERMS: Final = TeamTerms(code="TCT-1", name="Tổ công tác số 1", from_on=_FORMED)
_SAT: Final = Seat(member_id=_MEMBER, role=TeamRole.DEPUTY_LEADER, from_on=_FORMED)
_LEFT: Final = _SAT.model_copy(update={"until_on": date(2020, 9, 1)})
_AWAY: Final = Absence(member_id=_MEMBER, first_on=date(2020, 7, 6), last_on=date(2020, 7, 17))

_INTERNAL: Final[tuple[Event, ...]] = (
    TeamFormed(
        effective_date=_FORMED, decision_date=_DECIDED, team_id=_TEAM, after=_TERMS, document=_DOCUMENT
    ),
    TeamDissolved(
        effective_date=_ENDED,
        team_id=_TEAM,
        before=_TERMS,
        after=_TERMS.model_copy(update={"until_on": _ENDED}),
    ),
    TeamRestated(
        effective_date=date(2020, 1, 13),
        team_id=_TEAM,
        before=_TERMS,
        after=_TERMS.model_copy(update={"from_on": date(2020, 1, 13)}),
    ),
    TeamAreaSet(
        effective_date=_FORMED,
        decision_date=_DECIDED,
        team_id=_TEAM,
        before=(),
        after=(_COMMITTEE, _CELL),
        document=_DOCUMENT,
    ),
    TeamMemberSeated(
        effective_date=_FORMED, decision_date=_DECIDED, team_id=_TEAM, seat_id=_SEAT, after=_SAT
    ),
    TeamMemberReleased(
        effective_date=date(2020, 9, 1), team_id=_TEAM, seat_id=_SEAT, before=_SAT, after=_LEFT
    ),
    TeamSeatRestated(
        effective_date=_FORMED,
        team_id=_TEAM,
        seat_id=_SEAT,
        before=_LEFT,
        after=_LEFT.model_copy(update={"role": TeamRole.MEMBER}),
    ),
    AbsenceRecorded(effective_date=date(2020, 7, 6), absence_id=_ABSENCE, after=_AWAY),
    AbsenceRestated(effective_date=date(2020, 7, 6), absence_id=_ABSENCE, before=_AWAY, after=None),
)
_PUBLIC: Final = {told.TYPE: told for event in _INTERNAL if (told := public_form(event)) is not None}

INSPECTION_EXAMPLES: Final[tuple[Event, ...]] = (*_INTERNAL, *_PUBLIC.values())
