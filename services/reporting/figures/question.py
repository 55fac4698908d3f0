"""A question in the grammar of figures, read from what a caller wrote, or refused with what may be written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from chassis.problems import Problem
from services.reporting import parameters
from services.reporting.figures import periods
from services.reporting.figures.catalogue import MEASURES, dimensions_of, matching
from services.reporting.figures.dimensions import LABELS, UNITS, Dimension
from services.reporting.figures.measure import Measure
from services.reporting.figures.periods import FIRST_YEAR, LAST_YEAR, Period, Step

MOST_PERIODS: Final = 400
"""Periods of one answer at most: months of 33 years."""
MOST_LIMIT: Final = 10_000


class Form(StrEnum):
    """In what form an answer is given."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Compare(StrEnum):
    """With what each figure is compared."""

    LAST_YEAR = "last-year"
    """The same days of the year before."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """By which measure rows of a period are put in order, and which way."""

    measure: Measure
    ascending: bool

    @property
    def code(self) -> str:
        """As it is written."""
        return f"-{self.measure.code}" if self.ascending else self.measure.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which figures are wanted: unit x period x measures x dimensions."""

    unit: str | None
    """Its code; None for the whole register."""
    first: date
    last: date
    step: Step
    measures: Sequence[Measure]
    by: Sequence[Dimension]
    compare: Compare | None = None
    rank: Ranking | None = None
    limit: int | None = None
    known_at: datetime | None = None

    @property
    def level(self) -> Dimension | None:
        """By which level units are told apart; None for not."""
        return next((dimension for dimension in self.by if dimension in UNITS), None)

    @property
    def dimensions(self) -> list[Dimension]:
        """What figures are told apart by beside units."""
        return [dimension for dimension in self.by if dimension not in UNITS]

    @property
    def periods(self) -> list[Period]:
        """The periods that rows are of, in order."""
        return periods.cut(self.first, self.last, self.step)


def read(given: Mapping[str, str | None]) -> Question:
    """Return the question in parameters by their names. Raises Problem for one that cannot be read, with what can."""
    measures = _measures(given.get("measures"))
    by = _dimensions(given.get("by"), measures)
    first, last = _days(given.get("from"), given.get("to"))
    step = Step(_one_of("by_period", given.get("by_period") or Step.WHOLE, Step))
    if periods.count(first, last, step) > MOST_PERIODS:
        raise parameters.wrong(
            "by_period",
            f"Mỗi lần hỏi được nhiều nhất {MOST_PERIODS} kỳ; hãy hỏi khoảng ngắn hơn hoặc kỳ dài hơn.",
        )
    compare = given.get("compare")
    return Question(
        unit=parameters.code(given.get("unit")),
        first=first,
        last=last,
        step=step,
        measures=measures,
        by=by,
        compare=Compare(_one_of("compare", compare, Compare)) if compare is not None else None,
        rank=_ranking(given.get("rank"), measures, by),
        limit=_limit(given.get("limit")),
        known_at=parameters.instant(given.get("known_at")),
    )


def _measures(text: str | None) -> list[Measure]:
    found: dict[str, Measure] = {}
    for name in _names(text) or ["members"]:
        its = matching(name)
        if not its:
            raise parameters.wrong(
                "measures",
                f"Không có chỉ tiêu “{name[:50]}”; xem /v1/measures. Dùng được một mã, hoặc cả nhóm như meetings.*",
                allowed=tuple(MEASURES),
            )
        found |= {measure.code: measure for measure in its}
    return list(found.values())


def _dimensions(text: str | None, measures: Sequence[Measure]) -> list[Dimension]:
    allowed = dimensions_of(measures)
    found: list[Dimension] = []
    for name in _names(text):
        if name not in set(Dimension):
            raise _not_by(f"Không phân tổ theo “{name[:50]}” được", allowed)
        dimension = Dimension(name)
        if dimension not in allowed:
            refusing = next(one for one in measures if dimension not in dimensions_of([one]))
            raise _not_by(f"Chỉ tiêu {refusing.code} không phân tổ theo “{name}” được", allowed)
        if dimension in found:
            raise _not_by(f"“{name}” chỉ được nêu một lần", allowed)
        found.append(dimension)
    levels = [dimension for dimension in found if dimension in UNITS]
    if len(levels) > 1:
        raise _not_by(f"Chỉ chọn một trong {', '.join(levels)}", allowed)
    return found


def _not_by(why: str, allowed: Iterable[Dimension]) -> Problem:
    names = tuple(allowed)
    said = ", ".join(f"{name} ({LABELS[name]})" for name in names)
    return parameters.wrong("by", f"{why}; cùng các chỉ tiêu này dùng được: {said}.", allowed=names)


def _ranking(text: str | None, measures: Sequence[Measure], by: Sequence[Dimension]) -> Ranking | None:
    if text is None:
        return None
    code = text.removeprefix("-")
    measure = next((one for one in measures if one.code == code), None)
    if measure is None:
        raise parameters.wrong(
            "rank",
            f"Xếp hạng theo một chỉ tiêu có trong measures (thêm dấu - đằng trước để xếp từ thấp lên): “{text[:50]}”"
            " không có ở đó.",
            allowed=tuple(one.code for one in measures),
        )
    if not by:
        raise parameters.wrong(
            "rank", "Không phân tổ thì không có gì để xếp hạng: hãy thêm by=unit hoặc by=cell."
        )
    return Ranking(measure, ascending=text.startswith("-"))


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:10]) <= MOST_LIMIT):
        raise parameters.wrong("limit", f"Số dòng mỗi kỳ là số nguyên từ 1 đến {MOST_LIMIT}.")
    return int(text)


def _days(first: str | None, last: str | None) -> tuple[date, date]:
    to = parameters.today() if last is None else _span("to", last).last
    from_ = date(to.year, 1, 1) if first is None else _span("from", first).first
    if from_ > to:
        raise parameters.wrong(
            "from", f"Kỳ phải bắt đầu không sau ngày kết thúc: {from_:%d/%m/%Y} sau {to:%d/%m/%Y}."
        )
    return from_, to


def _span(name: str, text: str) -> Period:
    found = periods.span(text)
    if found is None:
        raise parameters.wrong(
            name,
            "Hãy ghi một ngày (2020-11-30), tháng (2020-11), quý (2020-Q4) hoặc năm (2020), từ năm"
            f" {FIRST_YEAR} đến {LAST_YEAR}.",
        )
    return found


def _one_of(name: str, text: str, values: type[StrEnum]) -> str:
    if text not in set(values):
        raise parameters.wrong(
            name, f"Không có giá trị “{text[:50]}”; dùng được: {', '.join(values)}.", allowed=tuple(values)
        )
    return text


def _names(text: str | None) -> list[str]:
    return [name for part in (text or "").split(",") if (name := part.strip())]
