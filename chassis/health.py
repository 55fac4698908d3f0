"""Health: `live` asks whether the process still makes progress, `ready` whether it can be sent work."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Response

from chassis.failures import is_transient

Check = Callable[[], Awaitable[bool]]

_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": description,
        "content": {
            "application/json": {
                "schema": {"type": "object", "additionalProperties": {"type": "boolean"}},
                "example": {"database": passed},
            }
        },
    }
    for status, description, passed in (
        (200, "Every check passed", True),
        (503, "A check did not pass", False),
    )
}


@dataclass(slots=True)
class Health:
    """Named checks; a check that raises a transient failure counts as not passed."""

    live: dict[str, Check] = field(default_factory=dict)
    ready: dict[str, Check] = field(default_factory=dict)


async def _passed(check: Check) -> bool:
    try:
        return await check()
    except Exception as error:
        if is_transient(error):
            return False
        raise


def router(health: Health) -> APIRouter:
    """Return the routes `/health/live` and `/health/ready`: 200 or 503, with each check's result."""
    routes = APIRouter(prefix="/health", tags=["health"])

    async def answer(checks: dict[str, Check], response: Response) -> dict[str, bool]:
        results = {name: await _passed(check) for name, check in checks.items()}
        if not all(results.values()):
            response.status_code = 503
        return results

    @routes.get("/live", responses=_ANSWERS)
    async def live(response: Response) -> dict[str, bool]:
        """Whether this process makes progress; if not, restart it."""
        return await answer(health.live, response)

    @routes.get("/ready", responses=_ANSWERS)
    async def ready(response: Response) -> dict[str, bool]:
        """Whether this process can do its work now."""
        return await answer(health.ready, response)

    return routes
