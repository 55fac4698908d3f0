"""What figures are answered with, and an example of each; and an answer as the JSON that it is."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from chassis.openapi import example
from services.reporting.figures.catalogue import dimensions_of
from services.reporting.figures.dimensions import LABELS, VALUES, Dimension
from services.reporting.figures.measure import Kind, Measure
from services.reporting.figures.periods import Step
from services.reporting.figures.query import Answer, GroupRows, Row, Values, difference
from services.reporting.figures.question import Compare, Question
from services.reporting.tree import Unit

_MEASURE: Final[dict[str, JsonValue]] = {
    "code": "meetings.held", "label": "Cuộc họp đã tổ chức", "unit": "cuộc", "kind": "flow", "better": 0,
}  # fmt: skip


class MeasureHead(BaseModel):
    """A measure, as it stands above its figures."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    code: str
    label: str
    """In Vietnamese, as it stands in reports."""
    unit: str
    """What is counted, in Vietnamese, such as `đảng viên`; `%` of shares."""
    kind: Kind
    """`stock`: on the last day of the period, adds up over units; `flow`: in the period, adds up over units and
    periods; `distinct`: at least once in the period; `ratio`: adds up over nothing."""
    better: Literal[-1, 0, 1]
    """Whether more (1) or less (-1) is better, or neither."""


class Value(BaseModel):
    """A value of a dimension."""

    value: str
    label: str


class DimensionAnswer(BaseModel):
    """A dimension by which a measure can be told apart."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    code: Dimension
    label: str
    values: list[Value]
    """In their order; empty where they are units."""


class MeasureAnswer(MeasureHead):
    """A measure that can be asked for."""

    dimensions: list[DimensionAnswer]


class Measures(BaseModel):
    """All that can be asked for."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "measures": [
                    {
                        **_MEASURE,
                        "dimensions": [
                            {"code": "unit", "label": "Tổ chức đảng trực tiếp cấp dưới", "values": []},
                            {
                                "code": "kind",
                                "label": "Loại sinh hoạt",
                                "values": [{"value": "regular", "label": "Định kỳ"}],
                            },
                        ],
                    }
                ]
            }
        )
    )

    measures: list[MeasureAnswer]


class FiguresRow(BaseModel):
    """Figures of one period, of the whole or of what is told apart; measure -> value."""

    model_config = ConfigDict(use_attribute_docstrings=True, serialize_by_alias=True, validate_by_name=True)

    period: str
    """`2020`, `2020-Q3`, `2020-11`, or `2020-01-01/2020-11-30` for any other days."""
    from_: date = Field(alias="from")
    to: date
    unit: Unit | None
    """Where `by` names a level of units: which one, as it was called on the period's last day."""
    group: dict[str, str]
    """Where `by` names other dimensions: dimension -> value."""
    values: dict[str, float | None]
    """None where there is nothing to divide by."""
    last_year: dict[str, float | None] | None
    """With `compare`: the same days of the year before."""
    difference: dict[str, float | None] | None
    """With `compare`: value less that of last year; of shares in percentage points."""
    percent: dict[str, float | None] | None
    """With `compare`: the difference in per cent of last year's value; None of shares, and where that is 0."""
    rank: int | None
    """With `rank`: from 1 within the period; those alike share one."""


class Figures(BaseModel):
    """Figures of a unit with all below it, or of the whole register."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        serialize_by_alias=True,
        validate_by_name=True,
        json_schema_extra=example(
            {
                "unit": {"code": "K", "name": "Đảng bộ Khối Các cơ quan tỉnh", "type": "bloc"},
                "from": "2020-10-01",
                "to": "2020-10-31",
                "by_period": "month",
                "by": ["unit"],
                "compare": "last-year",
                "rank": "meetings.held",
                "limit": 1,
                "known_at": None,
                "measures": [_MEASURE],
                "rows": [
                    {
                        "period": "2020-10", "from": "2020-10-01", "to": "2020-10-31",
                        "unit": {"code": "K.01", "name": "Đảng bộ Sở Y tế", "type": "grassroots_committee"},
                        "group": {}, "values": {"meetings.held": 9}, "last_year": {"meetings.held": 8},
                        "difference": {"meetings.held": 1}, "percent": {"meetings.held": 12.5}, "rank": 1,
                    }
                ],
                "up_to": {
                    "chibo.meetings.internal.v1": {"0": 4294978301},
                    "chibo.membership.internal.v1": {"0": 4294971398},
                },
                "true_at": "2020-12-30T08:00:00.123456Z",
            }
        ),
    )  # fmt: skip

    unit: Unit | None
    from_: date = Field(alias="from")
    to: date
    by_period: Step
    by: list[Dimension]
    compare: Compare | None
    rank: str | None
    limit: int | None
    known_at: datetime | None
    measures: list[MeasureHead]
    """What was asked for, patterns such as `meetings.*` as the measures that they mean."""
    rows: list[FiguresRow]
    """By period, then by rank, or by code of unit and in the order of dimensions' values."""
    up_to: dict[str, dict[str, int]]
    """Topic -> partition -> sequence of the last event counted."""
    true_at: datetime
    """The instant at which all up to those events, and nothing after, was counted."""


def head(measure: Measure) -> dict[str, Any]:
    """Return a measure as it stands above its figures."""
    return {
        "code": measure.code, "label": measure.label, "unit": measure.unit, "kind": measure.kind,
        "better": measure.better,
    }  # fmt: skip


def catalogue_entry(measure: Measure) -> MeasureAnswer:
    """Return a measure as the catalogue has it."""
    return MeasureAnswer(
        **head(measure),
        dimensions=[
            DimensionAnswer(
                code=dimension,
                label=LABELS[dimension],
                values=[
                    Value(value=value, label=label) for value, label in VALUES.get(dimension, {}).items()
                ],
            )
            for dimension in dimensions_of([measure])
        ],
    )


def as_json(question: Question, answer: Answer) -> list[bytes]:
    """Return an answer as JSON, as `Figures` describes it, in parts: one may have ten million bytes."""
    rows = answer.rows
    told = msgspec.json.encode(
        {
            "unit": answer.unit,
            "from": question.first,
            "to": question.last,
            "by_period": question.step,
            "by": question.by,
            "compare": question.compare,
            "rank": question.rank and question.rank.code,
            "limit": question.limit,
            "known_at": question.known_at,
            "measures": [head(measure) for measure in question.measures],
            "rows": [] if isinstance(rows, GroupRows) else [_row(question, row) for row in rows],
            "up_to": answer.mark.up_to,
            "true_at": answer.mark.at,
        }
    )
    if not isinstance(rows, GroupRows) or not rows:
        return [told]
    # Inside a string a quotation mark would have a backslash before it: it is the name.
    before, name, after = told.partition(b'"rows":[')
    return [before + name, *_parts(question, rows), after]


class _Told(msgspec.Struct, gc=False, rename={"from_": "from"}):
    """`FiguresRow` as it is encoded: an answer has some thousands."""

    period: str
    from_: date
    to: date
    unit: Unit | None
    group: dict[str, str]
    values: Values
    last_year: Values | None
    difference: Values | None
    percent: Values | None
    rank: int | None


def _parts(question: Question, rows: GroupRows) -> list[bytes]:
    """Return rows, in JSON but for the brackets around them, in parts of which it is made without making objects."""
    measure, one = question.measures[0].code, replace(rows[0], group={}, values={})
    head, told, rest = msgspec.json.encode(_row(question, one)).decode().partition('"group":{')
    middle, values, tail = rest.partition('"values":{')
    return rows.groups.as_json(head + told, f'{middle}{values}"{measure}":', tail)


def _row(question: Question, row: Row) -> _Told:
    period, difference_, percent = row.period, None, None
    if row.last_year is not None:
        differences = {
            one.code: difference(one, row.values[one.code], row.last_year[one.code])
            for one in question.measures
        }
        difference_ = {code: by for code, (by, _) in differences.items()}
        percent = {code: its for code, (_, its) in differences.items()}
    return _Told(
        period.label, period.first, period.last, row.unit, row.group, row.values, row.last_year, difference_, percent,
        row.rank,
    )  # fmt: skip
