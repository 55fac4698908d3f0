"""Internal events of the inspection service: monthly plans of who of the working teams attends which meeting.

A plan is one aggregate for a month; once it is approved each of its visits is one of its own, so that whoever keeps a
calendar hears of a visit in order. Members go by opaque ids.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.membership import DocumentRef


class PlannedVisit(Value):
    """Who is to attend which meeting."""

    meeting_id: Annotated[UUID, PUBLIC]
    cell_id: Annotated[UUID, PUBLIC]
    starts_at: Annotated[AwareDatetime, PUBLIC]
    member_id: Annotated[UUID, PSEUDONYMOUS]
    team_id: Annotated[UUID, PUBLIC]
    """The team that they go for."""


class VisitBan(Value):
    """What is not to be planned: a meeting, a person, or the person at the meeting."""

    meeting_id: Annotated[UUID | None, PUBLIC] = None
    member_id: Annotated[UUID | None, PSEUDONYMOUS] = None


class PlanChange(StrEnum):
    """What made a plan another one."""

    PROPOSED_ANEW = "proposed_anew"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    BY_HAND = "by_hand"
    """The officer changed one visit and no other."""
    REPLANNED = "replanned"
    """What had become impossible was planned anew, and nothing else."""


class VisitChange(StrEnum):
    """Why a visit of an approved plan is another one now, or is no more."""

    BY_HAND = "by_hand"
    MEETING_MOVED = "meeting_moved"
    MEETING_POSTPONED = "meeting_postponed"
    """Put off without a new time."""
    MEETING_CANCELLED = "meeting_cancelled"
    NOT_SEATED = "not_seated"
    """Who was to go sits in no team that is there on that day."""
    ABSENT = "absent"
    NOT_FREE = "not_free"
    """Who was to go cannot be sent on that day; why is the register's business."""
    OWN_CELL = "own_cell"
    """Who was to go belongs to the cell by now, or stays there for a time."""
    OUTSIDE_AREA = "outside_area"
    AT_ONCE = "at_once"
    """Who was to go has another visit at that time by now."""
    POSSIBLE_AGAIN = "possible_again"
    """Nobody could go, or the meeting had no time; now somebody can."""


class VisitPlanProposed(Event):
    """A plan of visits was proposed for a month; `effective_date` is the day on which."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-plan-proposed.v1"
    AGGREGATE: ClassVar[str] = "visit_plan"
    KEY: ClassVar[str] = "visit_plan_id"

    visit_plan_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    """Its first day."""
    before: Annotated[None, PUBLIC] = None
    after: Annotated[tuple[PlannedVisit, ...], PSEUDONYMOUS]


class VisitPlanRevised(Event):
    """Some visits of a plan are other ones now; those that are as they were are on neither side."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-plan-revised.v1"
    AGGREGATE: ClassVar[str] = "visit_plan"
    KEY: ClassVar[str] = "visit_plan_id"

    visit_plan_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    change: Annotated[PlanChange, PUBLIC]
    before: Annotated[tuple[PlannedVisit, ...], PSEUDONYMOUS]
    after: Annotated[tuple[PlannedVisit, ...], PSEUDONYMOUS]
    ban: Annotated[VisitBan | None, PSEUDONYMOUS] = None
    """What was forbidden, or is allowed again."""


class VisitPlanApproved(Event):
    """The plan of a month was approved on `effective_date`: people and cells are to be told of its visits."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-plan-approved.v1"
    AGGREGATE: ClassVar[str] = "visit_plan"
    KEY: ClassVar[str] = "visit_plan_id"

    visit_plan_id: Annotated[UUID, PUBLIC]
    month: Annotated[date, PUBLIC]
    visits: Annotated[int, PUBLIC]
    """How many there are."""
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class VisitAssigned(Event):
    """Somebody is to attend a meeting: the plan was approved, or the visit added to it."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-assigned.v1"
    AGGREGATE: ClassVar[str] = "assignment"
    KEY: ClassVar[str] = "assignment_id"

    assignment_id: Annotated[UUID, PUBLIC]
    visit_plan_id: Annotated[UUID, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[PlannedVisit, PSEUDONYMOUS]


class VisitAssignmentChanged(Event):
    """Somebody else attends, or at another time; `after` is None where nobody does, `before` where nobody did."""

    TYPE: ClassVar[str] = "vn.chibo.inspection.visit-assignment-changed.v1"
    AGGREGATE: ClassVar[str] = "assignment"
    KEY: ClassVar[str] = "assignment_id"

    assignment_id: Annotated[UUID, PUBLIC]
    visit_plan_id: Annotated[UUID, PUBLIC]
    reason: Annotated[VisitChange, PUBLIC]
    before: Annotated[PlannedVisit | None, PSEUDONYMOUS]
    after: Annotated[PlannedVisit | None, PSEUDONYMOUS]


VisitPlanEvent = VisitPlanProposed | VisitPlanRevised | VisitPlanApproved
AssignmentEvent = VisitAssigned | VisitAssignmentChanged

EVENTS: tuple[type[Event], ...] = (
    VisitPlanProposed,
    VisitPlanRevised,
    VisitPlanApproved,
    VisitAssigned,
    VisitAssignmentChanged,
)
