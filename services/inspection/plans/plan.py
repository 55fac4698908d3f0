"""A monthly plan of visits as it is, and what is told of one that is otherwise. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid5

from contracts.event import Event
from contracts.visit_plans import (
    PlanChange,
    PlannedVisit,
    VisitAssigned,
    VisitAssignmentChanged,
    VisitBan,
    VisitChange,
    VisitPlanRevised,
)
from services.inspection.faults import Fault
from services.inspection.plans.reasons import LeftOut, Reason
from services.inspection.plans.rules import Breach, Limits
from services.inspection.plans.situation import Situation

_PLANS: Final = UUID("5d1d7f4e-3c1b-5c0e-9b8a-2f6a54d1c0b1")


class PlanStatus(StrEnum):
    """How far a plan is."""

    DRAFT = "draft"
    APPROVED = "approved"


class Pin(StrEnum):
    """What the officer fixed."""

    MEETING = "meeting"
    """Somebody attends it, whoever that is."""
    VISITOR = "visitor"
    """This person attends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit of a plan, and why it was chosen."""

    planned: PlannedVisit
    why: tuple[Reason, ...] = ()
    pin: Pin | None = None
    lapsed: VisitChange | None = None
    """Why nobody attends by now; planned again as soon as somebody can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of a month; `version` counts its events."""

    id: UUID
    month: date
    limits: Limits
    visits: Mapping[UUID, Visit]
    """By meetings, those that lapsed as well."""
    left_out: Sequence[LeftOut] = ()
    """Cells without a visit, as it was decided."""
    status: PlanStatus = PlanStatus.DRAFT
    told: Mapping[UUID, int] = field(default_factory=dict)
    """How many events there are of the assignment to each meeting."""
    version: int = 1

    @property
    def chosen(self) -> dict[UUID, UUID]:
        """Who attends what."""
        return {one: visit.planned.member_id for one, visit in self.visits.items() if visit.lapsed is None}


@dataclass(frozen=True, slots=True)
class Decided:
    """A plan as a command leaves it, and its events with the versions that they bring their aggregates to."""

    state: Plan
    events: tuple[tuple[Event, int], ...]


def plan_id(month: date) -> UUID:
    """Return the id of a month's plan: the same whoever makes it."""
    return uuid5(_PLANS, month.isoformat())


def assignment_id(plan: UUID, meeting_id: UUID) -> UUID:
    """Return the id of the assignment of a plan to a meeting."""
    return uuid5(plan, str(meeting_id))


def planned(situation: Situation, meeting_id: UUID, member_id: UUID) -> PlannedVisit:
    """Return a visit as events carry it. Raises ValueError where the person sits in no team, or it has no time."""
    meeting = situation.meetings[meeting_id]
    team_id = situation.team_for(member_id, meeting)
    if team_id is None or meeting.starts_at is None:
        raise ValueError(f"nobody is sent to {meeting_id} by a team")
    return PlannedVisit(
        meeting_id=meeting_id,
        cell_id=meeting.cell_id,
        starts_at=meeting.starts_at,
        member_id=member_id,
        team_id=team_id,
    )


def ordered(visits: Mapping[UUID, Visit]) -> dict[UUID, Visit]:
    """Return visits by their beginning."""
    return dict(sorted(visits.items(), key=lambda one: (one[1].planned.starts_at, one[0])))


def revised(
    before: Plan,
    after: Plan,
    change: PlanChange,
    *,
    on: date,
    ban: VisitBan | None = None,
    reasons: Mapping[UUID, VisitChange] | None = None,
) -> Decided:
    """Return a plan with the events of what is otherwise: of the plan, and of each assignment once it is approved."""
    was, now = _standing_visits(before), _standing_visits(after)
    touched = [one for one in {**was, **now} if was.get(one) != now.get(one)]
    event = VisitPlanRevised(
        effective_date=on,
        visit_plan_id=after.id,
        month=after.month,
        change=change,
        before=tuple(was[one] for one in touched if one in was),
        after=tuple(now[one] for one in touched if one in now),
        ban=ban,
    )
    told, further = dict(after.told), []
    if after.status is PlanStatus.APPROVED:
        for one in touched:
            told[one] = told.get(one, 0) + 1
            of = _assignment_event(
                after.id,
                one,
                before=was.get(one),
                after=now.get(one),
                reason=(reasons or {})[one],
                version=told[one],
                on=on,
            )
            further.append((of, told[one]))
    version = before.version + 1
    return Decided(replace(after, version=version, told=told), ((event, version), *further))


def _assignment_event(
    plan: UUID,
    meeting_id: UUID,
    *,
    before: PlannedVisit | None,
    after: PlannedVisit | None,
    reason: VisitChange,
    version: int,
    on: date,
) -> Event:
    of: dict[str, Any] = {
        "effective_date": on, "assignment_id": assignment_id(plan, meeting_id), "visit_plan_id": plan,
    }  # fmt: skip
    if version == 1 and after is not None:
        return VisitAssigned(after=after, **of)
    return VisitAssignmentChanged(before=before, after=after, reason=reason, **of)


def _standing_visits(plan: Plan) -> dict[UUID, PlannedVisit]:
    return {one: visit.planned for one, visit in plan.visits.items() if visit.lapsed is None}


def faults_of(situation: Situation, limits: Limits, broken: Iterable[Breach]) -> list[Fault]:
    """Return broken rules as what a refusal says: which rule, which cells."""
    return [
        Fault(
            f"visit-{breach.rule.replace('_', '-')}",
            "member_id" if breach.member_id else "meeting_id",
            {
                "cells": cells_of(situation, breach.meetings),
                "per_person": limits.per_person,
                "at_most": limits.at_most or 0,
            },
        )
        for breach in broken
    ]


def cells_of(situation: Situation, meetings: Iterable[UUID]) -> str:
    """Return the cells of meetings as people know them, with the day of each meeting that has one."""
    told = []
    for one in meetings:
        meeting = situation.meetings[one]
        code = situation.codes.get(meeting.cell_id, "?")
        told.append(code if meeting.starts_at is None else f"{code} ({meeting.day:%d/%m})")
    return ", ".join(dict.fromkeys(told))
