"""The pure parts of figures: periods, measures, the units of a row, and which form is wanted."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from chassis.problems import Problem
from services.reporting.dated_tree import DatedTree, Name, Place, Span
from services.reporting.domain import day_number
from services.reporting.figures import groups as groups_
from services.reporting.figures import periods, question
from services.reporting.figures.answers import as_json
from services.reporting.figures.catalogue import MEASURES, dimensions_of, matching
from services.reporting.figures.cubes import Spans
from services.reporting.figures.dimensions import LABELS, VALUES, Dimension
from services.reporting.figures.forms import MEDIA_TYPES
from services.reporting.figures.frame import Frame
from services.reporting.figures.groups import Groups
from services.reporting.figures.measure import Kind, Source
from services.reporting.figures.members import COLUMNS as MEMBER_COLUMNS
from services.reporting.figures.members import turns
from services.reporting.figures.negotiation import form_of
from services.reporting.figures.periods import Period, Step
from services.reporting.figures.query import Answer, GroupRows, Mark, difference
from services.reporting.figures.question import Form
from services.reporting.figures.sources import CUBES
from services.reporting.figures.standing import Scale

some_days = st.dates(date(2018, 1, 1), date(2023, 12, 31))
days = st.tuples(some_days, some_days).map(sorted)


@given(days, st.sampled_from(Step))
def test_pieces_of_a_period_are_all_its_days_once(ends, step):
    first, last = ends
    cut = periods.cut(first, last, step)
    assert len(cut) == periods.count(first, last, step)
    assert (cut[0].first, cut[-1].last) == (first, last)
    for one, following in pairwise(cut):
        assert following.first == one.last + timedelta(days=1)
    assert len({period.label for period in cut}) == len(cut)


@pytest.mark.parametrize(
    ("text", "label", "first", "last"),
    [
        ("2020", "2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-Q1", "2020-Q1", date(2020, 1, 1), date(2020, 3, 31)),
        ("2020-02", "2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-02-29", "2020-02-29/2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_a_period_as_it_is_written(text, label, first, last):
    assert periods.span(text) == Period(first, last)
    assert Period(first, last).label == label


@pytest.mark.parametrize(
    "text",
    ["", "20", "2020-13", "2020-00", "2021-02-29", "2020-Q5", "1899", "2200", "２０２０", "2020-1", "2020 "],
)
def test_what_is_no_period(text):
    assert periods.span(text) is None


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2020-02", "2019-02"),
        ("2021-02", "2020-02"),
        ("2020-Q4", "2019-Q4"),
        ("2020-02-29", "2019-02-28/2019-02-28"),
        ("2020-11-15", "2019-11-15/2019-11-15"),
    ],
)
def test_the_same_days_a_year_before(period, before):
    its = periods.span(period)
    assert its is not None
    assert its.year_before.label == before


@given(st.lists(days.map(lambda ends: Period(*ends)), min_size=1, max_size=5))
def test_spans_are_the_months_of_each_period_whatever_overlaps(asked):
    spans = Spans.of_periods(asked)
    for period, places in spans.of.items():
        ends = [*spans.starts[1:], None]
        its = [month for place in places for month in spans.months
               if spans.starts[place] <= month and (ends[place] is None or month < ends[place])]  # fmt: skip
        within = periods.months_of(period)
        assert its == (periods.months(within.first, within.last) if within else [])


def test_a_month_counts_where_it_begins_and_a_quarter_where_it_ends():
    assert periods.months_of(Period(date(2020, 1, 2), date(2020, 3, 5))) == Period(
        date(2020, 2, 1), date(2020, 3, 1)
    )
    assert periods.months_of(Period(date(2020, 1, 2), date(2020, 1, 31))) is None
    wanted = periods.months(date(2020, 2, 1), date(2020, 7, 1))
    assert periods.quarters_within(wanted) == [date(2020, 4, 1)]


def test_measures_are_made_of_columns_that_there_are():
    known = {
        "members": {*MEMBER_COLUMNS, "years"},
        "units": {*VALUES[Dimension.TYPE]},
        "months": {"held", "postponed", "excused", "missed", "open"},
        "quarters": {"due", "held"},
        "tasks": {"tasks", "on_time", "overdue"},
        "coverage": {"visited", "visited_there", "left"},
        "findings-then": {"unsettled", "overdue"},
        **{source.value: {*cube.columns} for source, cube in CUBES.items()},
    }
    for code, measure in MEASURES.items():
        assert code == measure.code
        assert measure.label
        assert measure.unit
        assert (measure.kind is Kind.RATIO) == bool(measure.over)
        if measure.source is not Source.MOVEMENT:
            assert {*measure.all_columns} <= known[measure.source], code
        if measure.source in CUBES:
            assert {*measure.dimensions} <= CUBES[measure.source].keys.keys(), code


def test_a_share_rounds_halves_up_and_has_no_value_of_nothing():
    rate = MEASURES["meetings.attendance_rate"]
    assert rate.value({"present": 1, "counted": 8}) == 12.5
    assert rate.value({"present": 2005, "counted": 10_000}) == 20.1
    assert rate.value({"present": 0, "counted": 0}) is None
    assert MEASURES["meetings.held"].value({}) == 0


def test_a_pattern_means_all_that_begin_so():
    assert [one.code for one in matching("tasks")] == ["tasks"]
    assert {one.code for one in matching("tasks.*")} == {
        "tasks.on_time",
        "tasks.on_time_rate",
        "tasks.overdue",
    }
    assert matching("nothing") == []
    assert matching("nothing.*") == []


def test_measures_together_are_told_apart_by_what_all_of_them_can():
    both = [MEASURES["members"], MEASURES["meetings.held"]]
    assert dimensions_of(both) == [Dimension.UNIT, Dimension.GRASSROOTS, Dimension.CELL]


def test_differences():
    stock, share = MEASURES["members"], MEASURES["meetings.attendance_rate"]
    assert difference(stock, 110, 100) == (10, 10.0)
    assert difference(stock, 5, 0) == (5, None)
    assert difference(share, 91.5, 90.1) == (1.4, None)
    assert difference(share, None, 90.1) == (None, None)


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"measures": "members,nothing"}, "measures"),
        ({"by": "nothing"}, "by"),
        ({"by": "kind"}, "by"),
        ({"by": "unit,cell"}, "by"),
        ({"by": "unit,unit"}, "by"),
        ({"measures": "movement.in", "by": "gender"}, "by"),
        ({"from": "2020-13"}, "from"),
        ({"from": "2021", "to": "2020"}, "from"),
        ({"to": "hôm nay"}, "to"),
        ({"by_period": "week"}, "by_period"),
        ({"by_period": "month", "from": "1950", "to": "2020"}, "by_period"),
        ({"compare": "last-month"}, "compare"),
        ({"rank": "meetings.held", "by": "unit"}, "rank"),
        ({"rank": "members"}, "rank"),
        ({"limit": "0"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"known_at": "2020"}, "known_at"),
    ],
)
def test_what_cannot_be_asked_says_which_parameter(given, parameter):
    with pytest.raises(Problem) as refused:
        question.read(given)
    assert refused.value.status == 400
    assert refused.value.extensions["parameter"] == parameter


def test_a_refusal_says_what_is_allowed():
    with pytest.raises(Problem) as refused:
        question.read({"measures": "meetings.held", "by": "gender"})
    assert refused.value.extensions["allowed"] == ("unit", "grassroots", "cell", "kind")
    assert "meetings.held" in refused.value.detail


@pytest.mark.parametrize(
    ("format_", "accept", "form"),
    [
        (None, None, Form.JSON),
        (None, "*/*", Form.JSON),
        (None, "text/html,application/json;q=0.9,*/*;q=0.1", Form.JSON),
        (None, "text/csv", Form.CSV),
        (None, "application/json;q=0.2, text/*", Form.CSV),
        (None, MEDIA_TYPES[Form.XLSX], Form.XLSX),
        (None, MEDIA_TYPES[Form.PARQUET].upper(), Form.PARQUET),
        ("csv", "application/json", Form.CSV),
    ],
)
def test_the_form_that_is_wanted(format_, accept, form):
    assert form_of(format_, accept) is form


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "text/csv;q=x"])
def test_a_form_that_there_is_not(accept):
    with pytest.raises(Problem) as refused:
        form_of(None, accept)
    assert refused.value.status == 406


# The tree by its days.

ROOT, ONE, TWO, CELL, OTHER = (UUID(int=number) for number in range(1, 6))
START, MOVED = date(2018, 1, 1), date(2020, 6, 15)


def tree() -> DatedTree:
    """Two committees under a bloc; a cell that moves from the one to the other, and one that stays."""
    types = {
        ROOT: "bloc", ONE: "grassroots_committee", TWO: "grassroots_committee", CELL: "subordinate_cell",
        OTHER: "subordinate_cell",
    }  # fmt: skip
    parents = {ROOT: None, ONE: ROOT, TWO: ROOT, CELL: ONE, OTHER: ONE}
    places = {unit: [Place(START, types[unit], parents[unit])] for unit in types}
    places[CELL].append(Place(MOVED, types[CELL], TWO))
    names = {unit: [Name(START, unit.int, f"K.{unit.int}", "…")] for unit in types}
    return DatedTree(places, names, {unit: {type_: [Span(START, None)]} for unit, type_ in types.items()})


DAYS = [date(2020, month, 28) for month in range(4, 9)]


@given(
    st.sampled_from([None, Dimension.UNIT, Dimension.GRASSROOTS, Dimension.CELL]),
    st.sampled_from([None, ROOT, ONE]),
)
def test_each_unit_below_belongs_to_one_row_on_each_day(level, root):
    its = tree()
    frame = Frame(its, root, level)
    pieces = frame.pieces(DAYS)
    for place, day in enumerate(DAYS):
        there = [piece.unit for piece in pieces if piece.first <= place <= piece.last]
        assert sorted(there) == sorted(its.below(root, day))


def test_a_cell_counts_in_the_row_of_where_it_hangs():
    frame = Frame(tree(), ROOT, Dimension.UNIT)
    rows = {unit: row for row, unit in ((frame.row(ONE), ONE), (frame.row(TWO), TWO))}
    pieces = [piece for piece in frame.pieces(DAYS) if piece.unit == CELL]
    assert [(piece.row, piece.first, piece.last) for piece in pieces] == [
        (rows[ONE], 0, 1),
        (rows[TWO], 2, 4),
    ]


def test_a_code_that_passed_on_is_the_unit_that_has_it_on_the_day():
    old, new = uuid4(), uuid4()
    names = {old: [Name(date(2015, 1, 1), 1, "X", "…")], new: [Name(date(2019, 1, 1), 2, "X", "…")]}
    its = DatedTree(tree().places, names, {})
    assert its.of_code("X", date(2016, 1, 1)) == old
    assert its.of_code("X", date(2020, 1, 1)) == new
    assert its.of_code("X", date(2010, 1, 1)) == old
    assert its.of_code("Y", date(2010, 1, 1)) is None


def test_the_document_lists_what_there_is():
    text = (Path(__file__).parents[2] / "docs/figures.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    measures = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    assert [row[:4] for row in measures if len(row) == 5] == [
        [one.code, one.label, one.unit, one.kind] for one in MEASURES.values()
    ]
    dimensions = lines[-len(Dimension) :]
    for dimension, line in zip(Dimension, dimensions, strict=True):
        assert line.startswith(f"| `{dimension}` | {LABELS[dimension]} |")
        assert all(f"`{value}` {label}" in line for value, label in VALUES.get(dimension, {}).items())


@given(
    st.sets(some_days, min_size=1, max_size=40).map(sorted), st.dates(date(1900, 1, 1), date(2017, 12, 31))
)
def test_people_are_of_another_age_on_the_days_on_which_they_turn_and_on_no_others(looked_at, born):
    numbers, birth = [day_number(day) for day in looked_at], day_number(born)
    within_year = sorted({number % 10_000 for number in numbers})
    births, places = turns(numbers, within_year)
    alike = sum(day < birth % 10_000 for day in within_year)
    turned = [place for birthday, place in zip(births, places, strict=True) if birthday == alike]
    ages = [(number - birth) // 10_000 for number in numbers]
    assert turned == [place for place in range(1, len(ages)) if ages[place] != ages[place - 1]]


ALL_OF_MEMBERS = [
    Dimension.GENDER, Dimension.STANDING, Dimension.ETHNIC_MINORITY, Dimension.RELIGION, Dimension.YOUTH,
    Dimension.AGE_BAND, Dimension.EDUCATION, Dimension.QUALIFICATION, Dimension.THEORY, Dimension.OCCUPATION,
    Dimension.ERA, Dimension.PARTY_AGE,
]  # fmt: skip


@given(
    by=st.lists(st.sampled_from(ALL_OF_MEMBERS), unique=True, min_size=1),
    found=st.lists(st.tuples(st.integers(0), st.integers(-2, 2)), max_size=8),
)
def test_groups_that_were_never_made_rows_are_told_as_rows_are(by, found):
    scale = Scale(by)
    groups = Groups(scale, [number % scale.size for number, _ in found], [count for _, count in found])
    asked = question.read(QueryParams(f"to=2020-11-30&measures=members&by={','.join(by)}"))
    assert Groups.answer(asked)
    rows = GroupRows(asked, groups)
    told = Answer(None, rows, Mark({}, datetime(2020, 12, 1, tzinfo=UTC)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups_, "_ROWS", 3)
        parts = as_json(asked, told)
    assert [b"".join(parts)] == as_json(asked, replace(told, rows=list(rows)))
    assert len(parts) == (3 + math.ceil(len(found) / 3) if found else 1)
    assert [row.values["members"] for row in rows] == groups.values


@given(by=st.lists(st.sampled_from(ALL_OF_MEMBERS), unique=True, min_size=1), number=st.integers(0))
def test_the_number_of_a_group_is_in_the_order_of_its_values(by, number):
    scale = Scale(by)
    places = [
        list(VALUES[one]).index(word) for one, word in zip(by, scale.words(number % scale.size), strict=True)
    ]
    assert (
        sum(place * weight for place, weight in zip(places, scale.weights, strict=True))
        == number % scale.size
    )
    first, rest = scale.cut(2_000)
    assert first.size * rest.size == scale.size
    assert rest.size <= 2_000
