"""What the routes of teams and absences answer, as their OpenAPI document has it."""

from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, JsonValue

from chassis.openapi import (
    example,
    invalid_at,
    problem_answers,
    resource_answer,
)
from chassis.problems import Problem, unavailable
from contracts.inspection import TeamRole
from replicas.membership.problems import unknown_unit
from services.inspection.answers import DONE, Said, Warning_, changing, one
from services.inspection.problems import unknown_absence, unknown_seat, unknown_team
from services.inspection.teams.absences import AbsenceReason

_MEMBER: Final = "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10"
_TEAM: Final[dict[str, Any]] = {
    "code": "TCT-1",
    "name": "Tổ công tác số 1",
    "from_on": "2020-01-15",
    "until_on": None,
    "seats": [
        {
            "id": "5d1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b21",
            "member_id": _MEMBER,
            "role": "leader",
            "from_on": "2020-01-15",
            "until_on": None,
        }
    ],
    "areas": [{"from_on": "2020-01-15", "unit_codes": ["K.01"]}],
    "version": 3,
}
_BRIEF: Final[dict[str, Any]] = {
    "code": "TCT-1",
    "name": "Tổ công tác số 1",
    "from_on": "2020-01-15",
    "until_on": None,
    "seats": 7,
    "unit_codes": ["K.01"],
    "cells": 12,
}
_AWAY: Final[dict[str, Any]] = {
    "id": "3f1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b33",
    "member_id": _MEMBER,
    "first_on": "2020-07-06",
    "last_on": "2020-07-17",
    "reason": "study",
    "withdrawn": False,
    "version": 1,
}


class SeatSaid(Said):
    """Somebody's seat in a team; who that is membership knows."""

    id: UUID
    member_id: UUID
    role: TeamRole
    from_on: date
    until_on: date | None
    """The first day on which they do no longer."""


class AreaSaid(Said):
    """What a team is responsible for from a day on, until the next of these days."""

    from_on: date
    unit_codes: list[str]
    """Units with all below them."""


class Team(Said):
    """A working team with all that is known of it. Seats and areas hold while the team is there."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_TEAM))

    code: str
    name: str
    from_on: date
    until_on: date | None
    """The first day on which it is no more."""
    seats: list[SeatSaid]
    """By their first days, those that ended too."""
    areas: list[AreaSaid]
    """By their days."""
    version: int


class ChangedTeam(Team):
    """A team as a command leaves it, and what is unusual about that."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(_TEAM | {"seat_id": _TEAM["seats"][0]["id"], "warnings": []}),
    )

    seat_id: UUID | None
    """The seat that the command was about; null where it was about none."""
    warnings: list[Warning_]


class TeamBrief(Said):
    """A team on a day."""

    code: str
    name: str
    from_on: date
    until_on: date | None
    seats: int
    """How many sit in it."""
    unit_codes: list[str]
    """What it is responsible for, with all below."""
    cells: int
    """How many cells that is."""


class TeamPage(Said):
    """Teams that are there on a day, by their codes."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example({"on": "2020-03-02", "items": [_BRIEF], "next": None}),
    )

    on: date
    items: list[TeamBrief]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class CellArea(Said):
    """A cell, and the teams that are responsible for it."""

    cell_code: str
    team_codes: list[str]


class Areas(Said):
    """Each cell of a day, and in whose area it is."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "on": "2020-03-02",
                "without_team": 1,
                "items": [
                    {"cell_code": "K.01.02", "team_codes": ["TCT-1"]},
                    {"cell_code": "K.02", "team_codes": []},
                ],
            }
        ),
    )

    on: date
    without_team: int
    """How many cells are in no team's area."""
    items: list[CellArea]
    """By their codes."""


class TeamFact(Said):
    """Something that was recorded of a team: the event as other services of this system read it."""

    number: int
    """From 1, in the order of recording."""
    type: str
    recorded_at: datetime
    event: dict[str, JsonValue]


class TeamHistory(Said):
    """Everything that was recorded of a team, in that order."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "code": "TCT-1",
                "items": [
                    {
                        "number": 1,
                        "type": "vn.chibo.inspection.team-formed.v1",
                        "recorded_at": "2020-01-16T02:00:00+00:00",
                        "event": {"effective_date": "2020-01-15", "team_id": _MEMBER},
                    }
                ],
            }
        ),
    )

    code: str
    items: list[TeamFact]


class PlaceInTeam(Said):
    """As what somebody sits in which team."""

    team_code: str
    role: TeamRole


Hindrance = Literal["absent", "exempt", "not_in_register", "suspended"]
"""Why somebody cannot be sent anywhere on a day."""


class TeamMember(Said):
    """Somebody who sits in a team on a day."""

    member_id: UUID
    teams: list[PlaceInTeam]
    cell_codes: list[str]
    """Where they count, and where they stay for a time: cells that they are not sent to."""
    free: bool
    hindrances: list[Hindrance]


class TeamMembers(Said):
    """Who sits in teams on a day, and who of them may be sent somewhere."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {
                "on": "2020-07-06",
                "items": [
                    {
                        "member_id": _MEMBER,
                        "teams": [{"team_code": "TCT-1", "role": "leader"}],
                        "cell_codes": ["K.01.02"],
                        "free": False,
                        "hindrances": ["absent"],
                    }
                ],
            }
        ),
    )

    on: date
    items: list[TeamMember]


class Absence(Said):
    """Days on which somebody cannot be sent anywhere."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra=example(_AWAY))

    id: UUID
    member_id: UUID
    first_on: date
    last_on: date
    """The last day of it."""
    reason: AbsenceReason
    withdrawn: bool
    """There was no such absence."""
    version: int


class AbsencePage(Said):
    """Absences, by their first days."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra=example({"items": [_AWAY], "next": None})
    )

    items: list[Absence]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


_UNKNOWN: Final = unknown_team("TCT-9")


def formed() -> dict[str, Any]:
    """Return what the decorator of the route says that forms a team."""
    return {"responses": resource_answer(201, ChangedTeam, DONE)}


def changed(*further: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that changes a team: it heeds `If-Match`."""
    return changing(ChangedTeam, _UNKNOWN, *further)


def area_changed() -> dict[str, Any]:
    """Return what the decorator of the route says that gives a team another area."""
    return changed(unknown_unit("K.99"))


def seat_changed() -> dict[str, Any]:
    """Return what the decorator of a route says that changes a seat."""
    return changed(unknown_seat())


def absence_recorded() -> dict[str, Any]:
    """Return what the decorator of the route says that records an absence."""
    return {"responses": resource_answer(201, Absence, DONE)}


def absence_changed() -> dict[str, Any]:
    """Return what the decorator of a route says that changes an absence: it heeds `If-Match`."""
    return changing(Absence, unknown_absence())


def one_team() -> dict[str, Any]:
    """Return what the decorator of the route says that reads a team."""
    return one(Team, "The team", _UNKNOWN)


def one_absence() -> dict[str, Any]:
    """Return what the decorator of the route says that reads an absence."""
    return one(Absence, "The absence", unknown_absence())


def history() -> dict[str, Any]:
    """Return what the decorator of the route says that reads what was recorded of a team."""
    return {
        "response_model": TeamHistory,
        "responses": problem_answers(_UNKNOWN, invalid_at("header.X-Chibo-Actor"), unavailable()),
    }


def areas() -> dict[str, Any]:
    """Return what the decorator of the route says that lists cells and the teams responsible for them."""
    return {
        "response_model": Areas,
        "responses": problem_answers(invalid_at("query.on"), unavailable()),
    }


def people() -> dict[str, Any]:
    """Return what the decorator of the route says that lists who sits in teams."""
    return {
        "response_model": TeamMembers,
        "responses": problem_answers(invalid_at("query.on"), unavailable()),
    }
