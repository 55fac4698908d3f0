"""Annual ratings, which count for the last month of their year, and awards of units and members."""

from typing import Final

from services.reporting.figures.cubes import Cube, signed
from services.reporting.figures.dimensions import Dimension
from services.reporting.ratings.facts import AWARD_TABLE, RATING_TABLE

_MONTH: Final = "unit_id AS cell_id, date_trunc('month', effective_date)::date AS month, delta"
_OF: Final = {"members": "m.of_members", "units": "NOT m.of_members"}


def _sum(condition: str) -> str:
    return f"coalesce(sum(m.delta) FILTER (WHERE {condition}), 0)"


RATINGS_CUBE: Final = Cube(
    signed(f"{_MONTH}, of_members, grade", RATING_TABLE),
    {
        name: _sum(condition)
        for of, its in _OF.items()
        for name, condition in (
            (of, its),
            (f"{of}_graded", f"{its} AND m.grade IS NOT NULL"),
            (f"{of}_excellent", f"{its} AND m.grade = 'excellent'"),
        )
    },
    {Dimension.RATING: "coalesce(m.grade, 'not_rated')"},
)
AWARDS_CUBE: Final = Cube(
    signed(f"{_MONTH}, of_members, kind, level", AWARD_TABLE),
    {
        **{of: _sum(its) for of, its in _OF.items()},
        "five_year_flags": _sum("m.kind = 'five_year_flag'"),
    },
    {Dimension.AWARD: "m.kind", Dimension.LEVEL: "m.level"},
)
