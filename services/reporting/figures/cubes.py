"""What happened in some spans of months: sums of rows that are each of a unit and a month, a range scan by both."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from chassis.database import Connection
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.frame import Frame, Sums
from services.reporting.figures.periods import Period, after_month, all_months, month_end, months_of


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans of months, none overlapping another, into which the periods of a question fall apart."""

    months: Sequence[date]
    """All months of all periods, in order."""
    starts: Sequence[date]
    """The first month of each span."""
    of: Mapping[Period, Sequence[int]]
    """The spans that make up each period."""

    @classmethod
    def of_periods(cls, periods: Iterable[Period], *, also: Iterable[date] = ()) -> "Spans":
        """Return the spans of some periods; with `also`, further months at which a span begins."""
        asked = list(periods)
        months = all_months(asked)
        bounds = {period: months_of(period) for period in asked}
        edges = {edge for its in bounds.values() if its for edge in (its.first, after_month(its.last))}
        edges |= set(also)
        starts = [month for place, month in enumerate(months) if place == 0 or month in edges
                  or months[place - 1] != after_month(month, -1)]  # fmt: skip
        of = {
            period: [place for place, start in enumerate(starts) if its.first <= start <= its.last]
            if its
            else []
            for period, its in bounds.items()
        }
        return cls(months, starts, of)


class MonthPiece(NamedTuple):
    """The meetings of a cell count in a row in the months from one to another, both included."""

    row: int
    cell: Any
    first: date
    last: date


def month_pieces(frame: Frame, months: Sequence[date]) -> list[MonthPiece]:
    """Return which units' months count in which row: a cell counts where it hangs on the last day of the month."""
    gaps = [month.year * 12 + month.month - place for place, month in enumerate(months)]
    return [
        MonthPiece(piece.row, piece.unit, months[piece.first], months[piece.last])
        for piece in frame.pieces([month_end(month) for month in months], gaps)
    ]


@dataclass(frozen=True, slots=True)
class Counted:
    """Pieces as queries take them: the parameters $1 to $4, and what stands in FROM for rows that count in them."""

    parameters: Sequence[Sequence[Any]]
    are_alike: bool
    """Whether all cells count in one row and for the same months."""

    @classmethod
    def of(cls, pieces: Sequence[MonthPiece]) -> Self:
        """Return what counts in some pieces."""
        alike = {(piece.row, piece.first, piece.last) for piece in pieces}
        if len(alike) == 1:
            [(row, first, last)] = alike
            return cls([[row], [piece.cell for piece in pieces], [first], [last]], are_alike=True)
        rows, cells, firsts, lasts = zip(*pieces, strict=True) if pieces else ((), (), (), ())
        # Before them one of no unit, that spans the months of all.
        bounds = [min(firsts, default=None), *firsts], [max(lasts, default=None), *lasts]
        return cls([[None, *rows], [None, *cells], *bounds], are_alike=False)

    @classmethod
    def in_months(cls, frame: Frame, months: Sequence[date]) -> Self:
        """Return what counts in some months, in their order: a cell where it hangs on the last day of the month."""
        units = frame.always([month_end(month) for month in months])
        if units is None or after_month(months[0], len(months) - 1) != months[-1]:
            return cls.of(month_pieces(frame, months))
        # What thousands of pieces would come to, which take longer to make than all else here.
        return cls([[frame.row(None)], [*units], [months[0]], [months[-1]]], are_alike=True)

    def rows(self, table: str, alias: str = "m") -> str:
        """Return the rows of a table by their alias, each with its piece `p`, which has its number as `row`.

        What is asked most, a unit as a whole, needs no join: it would take longer than all the rest. Else rows are
        read before they are joined (OFFSET), of all cells at once: one by one they are found all over the table.
        """
        its = f"""
            SELECT {alias}.* FROM {table} {alias}
            WHERE {alias}.cell_id = ANY ($2::uuid[])
              AND {alias}.month BETWEEN ($3::date[])[1] AND ($4::date[])[1]
        """
        if self.are_alike:
            return f"(SELECT ($1::int[])[1] AS row) p CROSS JOIN ({its}) {alias}"
        return f"""
            unnest($1::int[], $2::uuid[], $3::date[], $4::date[]) AS p (row, cell_id, first, last)
            JOIN ({its} OFFSET 0) {alias}
              ON {alias}.cell_id = p.cell_id AND {alias}.month BETWEEN p.first AND p.last
        """


@dataclass(frozen=True, slots=True)
class Cube:
    """Rows `m` that are summed; each counts for the unit `cell_id` and the month `month`."""

    rows: Callable[[str | None], str]
    """What stands in FROM: the rows as known at the instant of a parameter, or as they hold for None."""
    columns: Mapping[str, str]
    """What a column sums."""
    keys: Mapping[Dimension, str]
    """By what rows are told apart."""
    joined: str = ""
    """What is joined to each row, as further parts of it that are summed one by one."""

    async def sums(
        self,
        connection: Connection,
        frame: Frame,
        spans: Spans,
        *,
        by: Sequence[Dimension],
        columns: Iterable[str],
        known_at: datetime | None,
    ) -> Sums:
        """Return the sums of some columns over the rows of each span, told apart by dimensions."""
        wanted = list(columns)
        told = "".join(f", {self.keys[dimension]}" for dimension in by)
        counted = Counted.in_months(frame, spans.months)
        rows = await connection.fetch(
            f"""
            SELECT p.row, width_bucket(m.month, $5::date[]) - 1{told},
                   {", ".join(self.columns[name] for name in wanted)}
            FROM {counted.rows(self.rows("$6" if known_at else None))}
            {self.joined}
            GROUP BY {", ".join(str(number + 1) for number in range(2 + len(by)))}
            """,
            *counted.parameters,
            list(spans.starts),
            *([known_at] if known_at else []),
        )
        return sums_of(rows, len(by), wanted)


def signed(select: str, table: str) -> Callable[[str | None], str]:
    """Return the rows of a table of signed facts, as `Cube.rows`; `select` gives `cell_id`, `month` and the rest."""
    return lambda then: f"(SELECT {select} FROM {table}{f' WHERE recorded_at <= {then}' if then else ''})"


def sums_of(rows: Iterable[Sequence[Any]], dimensions: int, columns: Sequence[str]) -> Sums:
    """Return rows of a query as sums: row, span, values of dimensions, then the columns."""
    keyed = 2 + dimensions
    return {
        (row[0], row[1], tuple(row[2:keyed])): {
            name: _number(value) for name, value in zip(columns, row[keyed:], strict=True)
        }
        for row in (tuple(one) for one in rows)
    }


def _number(value: Any) -> float:
    return value if isinstance(value, float) else int(value or 0)
