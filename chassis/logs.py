"""Structured logs: one JSON object a line on standard error. Never personal data."""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import Final

import structlog

_SELDOM_SECONDS: Final = 10.0
_MOST_KINDS: Final = 500


class _Seldom(logging.Filter):
    """Lets each kind of line of aiokafka through once in a while: it repeats them ten times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("aiokafka"):
            return True
        kind = str(record.msg)
        if record.created - self._last.get(kind, 0.0) < _SELDOM_SECONDS:
            return False
        if len(self._last) >= _MOST_KINDS:
            self._last.clear()
        self._last[kind] = record.created
        return True


def _trace_without_values(
    _logger: object, _method: str, fields: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Write where an error came from and of what kind each was; its message may quote a person's data."""
    given = fields.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        fields["exception"] = "\n".join(_traced(error))
    return fields


def is_of_chassis(error: BaseException) -> bool:
    """Return whether an error is one of the chassis' own, which name no person; problems say what was asked."""
    return type(error).__module__.startswith("chassis.") and not hasattr(error, "as_json")


def _traced(error: BaseException) -> Iterator[str]:
    if cause := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        yield from _traced(cause)
        yield "followed by"
    yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    yield f"{kind}: {error}" if is_of_chassis(error) else kind
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield "of which"
            yield from _traced(one)


def configure(service: str, level: str) -> None:
    """Send this process's logs, and its libraries', to standard error as JSON from `level` upwards."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace_without_values,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    handler.addFilter(_Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Requests are counted in metrics; a line each would cost more than it tells, and paths hold codes.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    logging.getLogger("faststream").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


def logger() -> structlog.stdlib.BoundLogger:
    """Return the logger; its first argument names the event in kebab-case, the rest are fields."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("chibo")
    return bound
