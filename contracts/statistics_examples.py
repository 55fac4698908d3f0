"""One made-up event of each type about statistics: November 2020 of a committee with three cells."""

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from contracts.event import Event
from contracts.statistics import Figure, MonthFigures, MonthFrozen, UnitCounts, Withheld
from contracts.statistics_public import public_form

_FIGURES: Final = MonthFigures(
    whole=(
        Figure(measure="members", value=57),
        Figure(measure="members.women", value=29),
        Figure(measure="units.subordinate_cells", value=3),
    ),
    below=(
        UnitCounts(unit="K.01.01", told_elsewhere=False, members=4, women=1, ethnic_minority=0, youth=1,
                   with_faith=0, probationary=0),
        UnitCounts(unit="K.01.02", told_elsewhere=False, members=12, women=6, ethnic_minority=0, youth=5,
                   with_faith=0, probationary=0),
        UnitCounts(unit="K.01.03", told_elsewhere=False, members=41, women=22, ethnic_minority=0, youth=9,
                   with_faith=0, probationary=0),
    ),
)  # fmt: skip
_INTERNAL: Final = MonthFrozen(
    effective_date=date(2020, 11, 30),
    unit_statistics_id=UUID("01937b2e-5f00-7a10-8c00-000000000301"),
    snapshot_id=UUID("01937b2e-5f00-7a10-8c00-000000000302"),
    unit="K.01",
    from_on=date(2020, 11, 1),
    revision=1,
    known_at=datetime(2020, 12, 1, 1, tzinfo=UTC),
    digest="9f" * 32,
    before=None,
    after=_FIGURES,
    withheld=tuple(
        Withheld(unit=unit, measure=measure)
        for unit in ("K.01.01", "K.01.02")
        for measure in (
            "members", "members.women", "members.ethnic_minority", "members.youth", "members.with_religion",
            "members.probationary",
        )
    ),
    small=("members", "members.women", "members.youth"),
)  # fmt: skip
_PUBLIC: Final = public_form(_INTERNAL)

STATISTICS_EXAMPLES: Final[tuple[Event, ...]] = (_INTERNAL, *((_PUBLIC,) if _PUBLIC else ()))
