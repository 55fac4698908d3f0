"""How the dashboard writes numbers and days."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.dashboard import charts, heat, pages, wording
from services.reporting.dashboard.charts import Chart, Series
from services.reporting.dashboard.heat import Became
from services.reporting.tree import Unit


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (2712, 0, "2.712"),
        (1_234_567, 0, "1.234.567"),
        (41.25, 1, "41,2"),
        (0, 0, "0"),
        (-3, 0, "−3"),
        (-0.04, 1, "0,0"),
        (None, 0, "–"),
    ],
)
def test_numbers(value: float | None, decimals: int, text: str) -> None:
    assert wording.number(value, decimals) == text


def test_shares() -> None:
    assert wording.percent(1056, 2712) == "38,9 %"
    assert wording.percent(0, 5) == "0,0 %"
    assert wording.percent(0, 0) == "–"


def test_changes() -> None:
    assert [wording.change(by) for by in (1031, 0, -4, None)] == ["tăng 1.031", "không đổi", "giảm 4", ""]
    assert wording.change(-1.5, 1, "%") == "giảm 1,5 điểm %"


def test_days() -> None:
    assert wording.day(date(2020, 3, 1)) == "01/03/2020"
    assert wording.month(date(2020, 3, 1)) == "03/2020"
    assert wording.instant(datetime(2020, 11, 29, 17, 5, tzinfo=UTC)) == "00:05 ngày 30/11/2020"
    assert wording.year_before(date(2020, 2, 29)) == date(2019, 2, 28)


@given(st.integers(-(10**15), 10**15))
def test_a_number_loses_nothing(value: int) -> None:
    assert int(wording.number(value).replace(".", "").replace("−", "-")) == value


MARCH, APRIL, MAY = (date(2020, month, 1) for month in (3, 4, 5))


def cell(code: str) -> Unit:
    return Unit(code, f"Chi bộ {code} <b>", "subordinate_cell")


def test_what_became_of_a_month() -> None:
    assert heat.became({"meetings.months_held": 1, "meetings.missed": 0}) is Became.HELD
    assert heat.became({"meetings.excused": 1}) is Became.PUT_OFF
    assert heat.became({"meetings.missed": 1, "meetings.months_held": 1}) is Became.MISSED
    assert heat.became({"meetings.months_held": 0}) is None


def test_a_map_has_a_line_for_each_cell_that_owed_something() -> None:
    found = heat.heat(
        [MARCH, APRIL, MAY],
        [
            (MAY, cell("K.2"), Became.OPEN),
            (APRIL, cell("K.2"), Became.PUT_OFF),
            (MARCH, cell("K.2"), Became.HELD),
            (APRIL, cell("K.1"), Became.MISSED),
            (APRIL, cell("K.3"), None),
        ],
    )
    assert [line.unit.code for line in found.lines] == ["K.1", "K.2"]
    assert found.lines[0].months == [None, Became.MISSED, None]
    assert [(month.due, month.without) for month in found.months] == [(1, 0), (2, 2), (1, 0)]
    assert found.worst is found.months[1]
    assert found.seen == [Became.HELD, Became.PUT_OFF, Became.MISSED, Became.OPEN]


def test_months_before_the_books_begin_are_not_the_worst() -> None:
    told = [(MARCH, cell("K.1"), Became.MISSED), (MARCH, cell("K.2"), Became.MISSED)]
    met = [(APRIL, cell("K.1"), Became.HELD), (MAY, cell("K.1"), Became.MISSED)]
    found = heat.heat([MARCH, APRIL, MAY], [*told, *met])
    assert (found.unrecorded, found.worst) == (found.months[:1], found.months[2])
    nothing = heat.heat([MARCH, APRIL], [*told, (APRIL, cell("K.1"), Became.OPEN)])
    assert (nothing.unrecorded, nothing.worst) == ([], nothing.months[0])


def test_no_month_is_the_worst_where_all_met() -> None:
    assert heat.heat([MARCH], [(MARCH, cell("K.1"), Became.HELD)]).worst is None
    assert heat.heat([MARCH], []).is_empty


@given(st.lists(st.lists(st.sampled_from([*Became, None]), min_size=3, max_size=3), max_size=60))
def test_a_map_covers_each_month_of_each_cell_once(told: list[list[Became | None]]) -> None:
    units = [cell(f"K.{number:02}") for number in range(len(told))]
    found = heat.heat(
        [MARCH, APRIL, MAY],
        [
            (month, unit, what)
            for unit, its in zip(units, told, strict=True)
            for month, what in zip((MARCH, APRIL, MAY), its, strict=True)
        ],
    )
    drawn = str(heat.cells(found, title="Bản đồ"))
    covered: dict[str, int] = {}
    for what, path in re.findall(r'<path class="([a-z-]+)" d="([^"]+)"/>', drawn):
        heights = [float(high) for high in re.findall(r"v([\d.]+)", path)]
        covered[what] = round(sum(heights)) if len(found.lines) > 40 else len(heights)
    expected = {what: sum(month.counts[what] for month in found.months) for what in Became}
    assert covered == {what: count for what, count in expected.items() if count}


def test_a_map_of_too_many_cells_has_their_units() -> None:
    gap = {
        "meetings.months_held": 24,
        "meetings.missed": 1,
        "meetings.postponed": 200,
        "meetings.excused": 20,
    }
    found = heat.grouped(
        [MARCH, APRIL, MAY],
        [
            (MAY, cell("K.2"), {"meetings.open": 3}),
            (APRIL, cell("K.2"), gap),
            (APRIL, cell("K.1"), {"meetings.months_held": 5}),
            (MAY, cell("K.3"), {}),
        ],
    )
    assert [group.unit.code for group in found.groups] == ["K.1", "K.2"]
    assert [(month.due, month.without) for month in found.months] == [(0, 0), (250, 221), (3, 0)]
    assert not found.is_empty
    assert found.worst is found.months[1]
    april = found.groups[1].months[1]
    assert april.shares == [(Became.HELD, 24 / 245), (Became.PUT_OFF, 220 / 245), (Became.MISSED, 1 / 245)]


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=1, max_size=20))
def test_each_month_of_a_unit_is_parted_as_its_cells_were(told: list[list[int]]) -> None:
    measures = ("meetings.months_held", "meetings.postponed", "meetings.missed", "meetings.open")
    found = heat.grouped(
        [MARCH],
        [
            (MARCH, cell(f"K.{number:02}"), dict(zip(measures, counts, strict=True)))
            for number, counts in enumerate(told)
        ],
    )
    drawn = str(heat.parted(found, title="Bản đồ"))
    wide = [float(one) for one in re.findall(r"M[\d.e-]+ [\d.]+h([\d.e-]+)v", drawn)]
    assert sum(wide) == pytest.approx(0.94 * sum(map(bool, map(sum, told))), abs=0.01)
    assert len(wide) == sum(count > 0 for counts in told for count in counts)


def test_names_in_a_drawing_stay_text() -> None:
    drawn = str(heat.cells(heat.heat([MARCH], [(MARCH, cell("K.1"), Became.HELD)]), title='"><script>'))
    assert "<script>" not in drawn


def test_a_chart_is_shapes_and_letters_only() -> None:
    chart = Chart("Đảng viên <b>", ["10/2020", "11/2020"], [Series("Nữ & nam", [2712, None])])
    for drawn in (str(charts.lines(chart)), str(charts.bars(chart))):
        assert drawn.startswith("<svg")
        assert 'role="img" aria-label="Đảng viên &lt;b&gt;"' in drawn
        assert "10/2020: 2.712" in drawn
        for what in ("<script", "<style", "style=", "id=", "<!--"):
            assert what not in drawn


def test_the_page_asked_for_longest_ago_is_let_go() -> None:
    kept, made = pages.Kept(2), [pages.Page(b"", str(number)) for number in range(3)]
    kept.keep("a", made[0])
    kept.keep("b", made[1])
    assert kept.get("a") is made[0]
    kept.keep("c", made[2])
    assert [kept.get(of) for of in "abc"] == [made[0], None, made[2]]
