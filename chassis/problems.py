"""Errors as RFC 9457 problem+json, with a stable `type`, in Vietnamese with an English title beside."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from chassis import invalid_requests
from chassis.failures import TRANSIENT
from chassis.logs import logger

MEDIA_TYPE: Final = "application/problem+json"
NAMESPACE: Final = "urn:chibo:problem:"
RETRY_AFTER: Final[Mapping[int, str]] = {503: "2"}
"""Seconds after which a call may be made again, by the status that says so."""

_TITLES: Final = {
    HTTPStatus.BAD_REQUEST: ("bad-request", "Không đọc được yêu cầu", "Bad request"),
    HTTPStatus.NOT_FOUND: ("not-found", "Không tìm thấy", "Not found"),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "method-not-allowed",
        "Không dùng được cách gọi này",
        "Method not allowed",
    ),
}


class Problem(Exception):  # noqa: N818 - the standard's own word
    """An answer that says what is wrong, where, and how to mend it.

    `type_` is a stable slug that programs may test for; `status` the HTTP status; `title` a short Vietnamese
    sentence for the kind of problem and `detail` one for this case. Extensions are JSON values beside them.
    """

    def __init__(
        self,
        type_: str,
        status: int,
        *,
        title: str,
        detail: str,
        title_en: str | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(f"{type_}: {detail}")
        self.type = type_
        self.status = status
        self.title = title
        self.detail = detail
        self.title_en = title_en or type_.replace("-", " ").capitalize()
        self.extensions = extensions

    def as_json(self) -> dict[str, Any]:
        """Return the members of the problem details object (RFC 9457, section 3)."""
        return {
            "type": NAMESPACE + self.type,
            "status": self.status,
            "title": self.title,
            "title_en": self.title_en,
            "detail": self.detail,
            **self.extensions,
        }


def render(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the HTTP answer that carries a problem."""
    retry = {"Retry-After": RETRY_AFTER[problem.status]} if problem.status in RETRY_AFTER else {}
    return JSONResponse(
        problem.as_json(), problem.status, {**retry, **(headers or {})}, media_type=MEDIA_TYPE
    )


def unavailable() -> Problem:
    """Return the problem of a server that is away for a moment; the same call may be made again."""
    return Problem(
        "temporarily-unavailable", 503, title="Hệ thống tạm thời chưa sẵn sàng",
        title_en="Temporarily unavailable", detail="Cơ sở dữ liệu chưa trả lời; hãy gọi lại sau.",
    )  # fmt: skip


def invalid_request(places: Sequence[Mapping[str, str]]) -> Problem:
    """Return the problem of a request that is not in the form that the OpenAPI document gives.

    Each of `places` has `where`, a dotted path, and `why` in Vietnamese, perhaps with `why_en`.
    """
    return Problem(
        "invalid-request", 422, title="Yêu cầu chưa đúng", title_en="Invalid request",
        detail="; ".join(f"{place['where']}: {place['why']}" for place in places), errors=places,
    )  # fmt: skip


def from_framework(status: HTTPStatus, call: str) -> Problem:
    """Return the problem of a call (method and path) that the framework turned away before any of our code."""
    type_, title, title_en = _TITLES.get(
        status, (status.phrase.lower().replace(" ", "-"), status.phrase, None)
    )
    return Problem(type_, status, title=title, title_en=title_en, detail=call)


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem: ours, validation's, the framework's, and what nobody foresaw."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        del request
        return render(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        del request
        return render(invalid_request(invalid_requests.places(error.errors())))

    @app.exception_handler(HTTPException)
    async def _framework(request: Request, error: HTTPException) -> Response:
        problem = from_framework(HTTPStatus(error.status_code), f"{request.method} {request.url.path}")
        return render(problem, error.headers)

    async def _away(request: Request, error: Exception) -> Response:
        del request
        logger().warning("answer-unavailable", error=type(error).__name__)
        return render(unavailable())

    for kind in TRANSIENT:
        app.add_exception_handler(kind, _away)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> Response:
        del request
        logger().error("unforeseen-error", exc_info=error)
        return render(
            Problem("internal-error", 500, title="Lỗi trong hệ thống", title_en="Internal error",
                    detail="Lỗi đã được ghi vào nhật ký của dịch vụ.")
        )  # fmt: skip
