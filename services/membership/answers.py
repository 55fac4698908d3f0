"""What the routes of membership answer, as their OpenAPI document has it; the people in the examples are made up."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from chassis.cursors import invalid_cursor
from chassis.event_log import ConcurrentChange, EventTooLarge
from chassis.idempotency import key_invalid, key_reused
from chassis.openapi import (
    NOT_MODIFIED,
    Answers,
    example,
    invalid_at,
    problem_answers,
    resource_answer,
    unreadable_body,
)
from chassis.preconditions import (
    documented_if_match,
    documented_if_none_match,
    invalid_if_match,
    precondition_failed,
)
from chassis.problems import Problem, unavailable
from chassis.refusals import refused
from chassis.tables import MAX_BYTES
from chassis.uploads import file_too_large
from contracts.membership import (
    Cause,
    DepartureReason,
    FactKind,
    Gender,
    MoveReason,
    OrganisationType,
    ProfileChange,
    Standing,
)
from contracts.spells import SpellKind
from services.membership.faults import CONFLICTS, MESSAGES, Fault, FaultsFound, shown
from services.membership.files import Located
from services.membership.imports.report import Report
from services.membership.imports.run import ImportRefused
from services.membership.problems import unknown_member, unknown_organisation

_UNIT: Final[dict[str, Any]] = {
    "id": "0d7f3a52-5d0c-4f3c-9d0a-6d3f2f3c1a11",
    "code": "K.01.02",
    "parent_code": "K.01",
    "type": "subordinate_cell",
    "name": "Chi bộ Khoa Nội",
    "established_on": "1996-01-01",
    "dissolved_on": None,
    "version": 1,
}
_MEMBER: Final[dict[str, Any]] = {
    "id": "7c1b6f0e-52a1-4f5c-8a58-0c1f5b0b8b10",
    "code": "ĐV-000123",
    "cell_code": "K.01.02",
    "admitted_on": "2015-03-01",
    "official_on": "2016-03-01",
    "left_on": None,
    "left_reason": None,
    "version": 2,
}
_IDENTITY: Final[dict[str, Any]] = {
    "full_name": "Lê Thị Hoa",
    "birth_date": "1990-05-01",
    "gender": "female",
    "youth_union": False,
}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class Warning_(_Answer):  # noqa: N801 - the word itself is Python's
    """Something unusual that is possible all the same: the command was carried out."""

    model_config = ConfigDict(title="Warning")

    column: str | None
    code: str
    """Stable; texts may change."""
    message: str
    """In Vietnamese."""
    message_en: str


class Organisation(_Answer):
    """A unit of the tree."""

    model_config = ConfigDict(json_schema_extra=example(_UNIT))

    id: UUID
    code: str
    parent_code: str | None
    """Code of the unit above; null for a root."""
    type: OrganisationType
    name: str
    established_on: date
    dissolved_on: date | None
    """The first day on which it no longer exists."""
    version: int
    """Number of changes so far; the entity tag."""


class ChangedOrganisation(Organisation):
    """A unit after a command."""

    model_config = ConfigDict(json_schema_extra=example(_UNIT | {"warnings": []}))

    warnings: list[Warning_]


class ReorganisedOrganisation(ChangedOrganisation):
    """A unit after a decision on several."""

    model_config = ConfigDict(
        json_schema_extra=example(
            _UNIT
            | {
                "warnings": [],
                "reorganisation_id": "5a0c9b0e-2f47-4a53-9a44-8f0b8f1b7c21",
                "units": [_UNIT | {"code": "K.01.03", "dissolved_on": "2021-03-01", "version": 2}],
                "members_moved": 12,
            }
        )
    )

    reorganisation_id: UUID | None = None
    """Under which events tell the decision as a whole; null for an upgrade."""
    units: list[Organisation] = []
    """The others that were founded, hung elsewhere or ended, by code."""
    members_moved: int = 0


class OrganisationPage(_Answer):
    """A page of units, by code."""

    model_config = ConfigDict(json_schema_extra=example({"items": [_UNIT], "next": "WyJLLjAxLjAyIl0"}))

    items: list[Organisation]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class _Member(_Answer):
    id: UUID
    code: str
    cell_code: str
    admitted_on: date
    official_on: date | None
    left_on: date | None
    """The first day on which they no longer count."""
    left_reason: DepartureReason | None
    version: int
    """Number of changes so far; the entity tag."""


class ChangedMember(_Member):
    """A member after a command; nothing of who they are, as the answer is kept with its idempotency key."""

    model_config = ConfigDict(json_schema_extra=example(_MEMBER | {"warnings": []}))

    warnings: list[Warning_]


class Member(_Member):
    """A member with their identity."""

    model_config = ConfigDict(
        json_schema_extra=example(_MEMBER | _IDENTITY | {"ethnicity": "Thái", "religion": None})
    )

    full_name: str
    birth_date: date
    gender: Gender
    ethnicity: str
    religion: str | None
    """Null for none."""
    youth_union: bool


class ListedMember(_Member):
    """A member as lists show them: without ethnic group and religion."""

    full_name: str
    birth_date: date
    gender: Gender
    youth_union: bool
    standing: Standing
    """On the day asked for."""


class MemberPage(_Answer):
    """A page of members, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example({"items": [_MEMBER | _IDENTITY | {"standing": "official"}], "next": None})
    )

    items: list[ListedMember]
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class HistoryFact(_Answer):
    """A fact as it was stated."""

    kind: FactKind
    effective_date: date
    decision_date: date | None
    cell_code: str | None = None
    """Of an entry, a move or a temporary stay."""
    left_reason: DepartureReason | None = None
    """Of a departure."""
    move_reason: MoveReason | None = None
    """Of a move."""
    profile: ProfileChange | None = None
    """Of a change of profile: what became another."""
    until: date | None = None
    """When an exemption, a suspension or a temporary stay is meant to end."""


class HistoryEntry(_Answer):
    """What was recorded at one time."""

    number: int
    """By which a correction names it."""
    recorded_at: datetime
    corrects: int | None
    """Number of the fact that it puts right, or withdraws."""
    status: Literal["stands", "replaced", "withdrawn", "withdrawal"]
    replaced_by: int | None
    fact: HistoryFact | None
    """Null for a withdrawal."""


class HistoryStep(_Answer):
    """What a member counted as from a day on; nulls once they have left."""

    from_: date = Field(alias="from")
    cell_code: str | None
    standing: Standing | None
    cause: Cause | None


class HistorySpell(_Answer):
    """What held of a member beside where they counted, from a day on."""

    kind: SpellKind
    from_: date = Field(alias="from")
    until: date | None
    """The planned end."""
    ended_on: date | None
    """The first day on which it held no more; null while it goes on."""
    cell_code: str | None
    """The host of a temporary stay."""


class MemberHistory(_Answer):
    """Everything recorded of a member, and what it comes to; nothing of who they are."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "code": "ĐV-000123",
                "entries": [
                    {
                        "number": 1,
                        "recorded_at": "2015-03-05T02:15:00.123456+00:00",
                        "corrects": None,
                        "status": "stands",
                        "replaced_by": None,
                        "fact": {
                            "kind": "admitted",
                            "effective_date": "2015-03-01",
                            "decision_date": "2015-02-20",
                            "cell_code": "K.01.02",
                        },
                    }
                ],
                "timeline": [
                    {
                        "from": "2015-03-01",
                        "cell_code": "K.01.02",
                        "standing": "probationary",
                        "cause": "admitted",
                    }
                ],
                "spells": [
                    {
                        "kind": "exemption",
                        "from": "2020-06-01",
                        "until": "2021-06-01",
                        "ended_on": None,
                        "cell_code": None,
                    }
                ],
            }
        )
    )

    code: str
    entries: list[HistoryEntry]
    timeline: list[HistoryStep]
    spells: list[HistorySpell]


class FileFault(Warning_):
    """What is wrong or unusual in one line of a file."""

    model_config = ConfigDict(title="FileFault")

    file: str
    line: int
    """Counted from 1, the header row's."""


class ChangedRow(_Answer):
    """A row of a file that would change the register."""

    line: int
    code: str
    """Of the unit or member."""
    changes: list[str]


class ImportReport(_Answer):
    """What came of a file."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "rows": 12,
                "imported": 10,
                "unchanged": 1,
                "refused": 1,
                "events": 10,
                "changes": {"member-admitted": 7, "member-confirmed": 3},
                "changed": [],
                "errors": [
                    {
                        "file": "members.csv",
                        "line": 7,
                        **Fault("unknown-cell", "cell_code", {"value": shown("cell_code", "K.99")}).as_json(),
                    }
                ],
                "errors_total": 1,
                "warnings": [],
                "warnings_total": 0,
                "notices": [
                    {
                        "file": "members.csv",
                        "line": 1,
                        **Fault("column-understood", "full_name", {"name": "Họ tên"}).as_json(),
                    }
                ],
            }
        )
    )

    rows: int
    imported: int
    unchanged: int
    """Rows of which the register had everything already."""
    refused: int
    events: int
    changes: dict[str, int]
    """How many events of each kind."""
    changed: list[ChangedRow]
    """Of a dry run: the first rows that would change something, and the kinds of events of each."""
    errors: list[FileFault]
    errors_total: int
    """Of which the first are listed."""
    warnings: list[FileFault]
    warnings_total: int
    notices: list[FileFault]
    """How headers and dates were understood that are written in another way than the format's own."""


def _refusal(code: str, column: str, **parameters: Any) -> Problem:
    return refused(FaultsFound([Fault(code, column, parameters)]), CONFLICTS)


def _refused_file() -> Problem:
    report = Report("members.csv", rows=12)
    report.add_errors([Located(7, Fault("unknown-cell", "cell_code", {"value": shown("cell_code", "K.99")}))])
    return ImportRefused(report)


_RULES: Final = {409: CONFLICTS, 422: MESSAGES.keys() - CONFLICTS}
"""Each rule that a command may break is a type of problem."""
_DATES: Final = {"dissolved_on": date(1995, 1, 1), "established_on": date(1996, 1, 1)}

COMMAND: Final[Answers] = problem_answers(
    key_invalid(),
    unreadable_body(),
    _refusal("code-taken", "code"),
    ConcurrentChange(),
    _refusal("dissolved-before-established", "dissolved_on", **_DATES),
    invalid_at("body.established_on"),
    key_reused(),
    EventTooLarge("vn.chibo.membership.organisation-established.v1", 1_200_000, 1_000_000),
    unavailable(),
    further=_RULES,
)
"""What any command may answer; a route says by `created` or `changed` what it answers besides."""


UNKNOWN_UNIT: Final = unknown_organisation("K.99")
UNKNOWN_MEMBER: Final = unknown_member("ĐV-999999")


def created(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the decorator of a route says that makes a new unit or member."""
    return {"responses": resource_answer(201, model, "Done; its events are recorded for good")}


def changed(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the decorator of a route says that changes a unit or a member: it heeds `If-Match`."""
    unknown = UNKNOWN_UNIT if issubclass(model, Organisation) else UNKNOWN_MEMBER
    return {
        "dependencies": [Depends(documented_if_match)],
        "responses": {
            **resource_answer(200, model, "Done; its events are recorded for good"),
            **problem_answers(
                key_invalid(), invalid_if_match(), unreadable_body(), unknown, precondition_failed(3)
            ),
        },
    }


IMPORT: Final[Answers] = {
    **problem_answers(
        key_invalid(),
        ConcurrentChange(),
        _refusal("code-taken", "code"),
        file_too_large("members.csv", MAX_BYTES),
        _refused_file(),
        invalid_at("query.on_error"),
        key_reused(),
        unavailable(),
    ),
    200: {"model": ImportReport, "description": "The file was read, and its good rows are in the register"},
}


def one(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the decorator of a route says that reads one unit or member, with its entity tag."""
    unknown = UNKNOWN_UNIT if model is Organisation else UNKNOWN_MEMBER
    return {
        "dependencies": [Depends(documented_if_none_match)],
        "responses": {
            **resource_answer(200, model, "As it is now"),
            **NOT_MODIFIED,
            **problem_answers(unknown, invalid_at("header.X-Chibo-Actor"), unavailable()),
        },
    }


def history_of(model: type[BaseModel], unknown: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that reads the history of one unit or member."""
    return {
        "responses": {
            200: {"model": model, "description": "What was recorded"},
            **problem_answers(unknown, invalid_at("query.known_at"), unavailable()),
        }
    }


def page_of(model: type[BaseModel], *refusals: Problem) -> dict[str, Any]:
    """Return what the decorator of a route says that lists units or members; `refusals` are its own."""
    return {
        "response_model": model,
        "responses": problem_answers(
            *refusals, invalid_cursor(), UNKNOWN_UNIT, invalid_at("query.limit"), unavailable()
        ),
    }


UnitCode = Annotated[str, Path(description="Code of a unit", examples=["K.01.02"])]
MemberCode = Annotated[str, Path(description="Code of a member", examples=["ĐV-000123"])]

_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def imported_file(example: str) -> dict[str, Any]:
    """Return what a route says that reads its body as a stream: a file such as `example`."""
    binary = {"type": "string", "format": "binary"}
    return {
        "requestBody": {
            "required": True,
            "description": "The file itself, CSV in UTF-8 or XLSX; its columns are in docs/input-files.md",
            "content": {"text/csv": {"schema": binary, "example": example}, _SPREADSHEET: {"schema": binary}},
        }
    }


ORGANISATIONS_FILE: Final = imported_file(
    "code,parent_code,type,name,established_on,dissolved_on\n"
    "K.01.02,K.01,subordinate_cell,Chi bộ Khoa Nội,1996-01-01,\n"
)
MEMBERS_FILE: Final = imported_file(
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\nĐV-000123,K.01.02,Lê Thị Hoa,1990-05-01,female,Thái,Không,no,2015-03-01,2016-03-01,,\n"
)
TRANSFERS_FILE: Final = imported_file(
    "member_code,kind,origin_code,destination_code,outside,requested_on,released_on,received_on\n"
    "ĐV-000123,within_bloc,K.01.02,K.02,,2020-03-02,2020-03-09,\n"
)
