"""One rebuild by its id."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Path

from chassis.rebuilding import refusals, store
from chassis.rebuilding.answers import RebuildAnswer
from chassis.rebuilding.store import Rebuild
from chassis.resources import Resources

RebuildId = Annotated[int, Path(ge=1, lt=2**63, description="`id` of a rebuild", examples=[7])]


def answer(rebuild: Rebuild) -> RebuildAnswer:
    """Return a rebuild as routes answer it."""
    told = {name: getattr(rebuild, name) for name in RebuildAnswer.model_fields}
    return RebuildAnswer.model_validate(told)


async def found(resources: Resources, rebuild_id: int) -> Rebuild:
    """Return a rebuild by its id. Raises Problem `rebuild-unknown`."""
    one = await store.find(resources.pool, rebuild_id)
    if one is None:
        raise refusals.unknown(rebuild_id)
    return one


SAMPLE: Final = Rebuild(
    7, [], True, "kafka", "tran.van.b", datetime(2020, 12, 1, tzinfo=UTC), datetime(2020, 12, 1, tzinfo=UTC),
    "same", None, None, [],
)  # fmt: skip
"""An example."""
