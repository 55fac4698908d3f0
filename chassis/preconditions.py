"""Conditional requests (RFC 9110, section 13): a change that nobody else's change can be lost to.

A resource's entity tag is its version, `"3"`; where what it looks like depends on a day as well, a reader's copy
has the day behind it, `"3@2020-11-30"`, or how often it was told what else is shown, `"3@2"`. A command that changes
the resource calls `check_if_match` once it is locked, so that nothing comes between the comparison and the change.
"""

import re
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Header, Request
from fastapi.responses import JSONResponse, Response

from chassis.problems import Problem

# Answers may hold personal data: no shared cache keeps them, and a private one asks before it uses them again.
_CACHING: Final = {"Cache-Control": "private, no-cache"}

_TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,(?:[ \t]*{_TAG})?)*[ \t]*")
"""One or more entity tags; empty list elements are allowed (RFC 9110, section 5.6.1.2)."""
_ANY: Final = "*"
_DAY: Final = "@"


def etag(version: int, as_of: date | int | None = None) -> str:
    """Return the strong entity tag of a version, or of what it looks like on a day, or with so much known beside."""
    return f'"{version}"' if as_of is None else f'"{version}{_DAY}{as_of}"'


def check_if_match(request: Request, version: int) -> None:
    """Refuse a change of a resource that is no longer as the caller last saw it.

    `version` is the resource's version under the lock of the command's transaction. Without `If-Match` everything
    passes; the day of a copy does not matter, and weak tags match nothing (section 13.1.1).
    Raises Problem `precondition-failed` (412), with the version that the resource has, and `invalid-if-match`
    (400) where the field cannot be read.
    """
    wanted = _field(request, "If-Match")
    if wanted is None or wanted == _ANY:
        return
    tags = _tags(wanted)
    if not tags:
        raise invalid_if_match()
    if str(version) not in {tag.strip('"').partition(_DAY)[0] for tag in tags}:
        raise precondition_failed(version)


def resource(
    request: Request, body: Mapping[str, Any], status: int = HTTPStatus.OK, *, as_of: date | int | None = None
) -> Response:
    """Return the answer that carries one resource with its entity tag; 304 to a reader who has it already.

    `body["version"]` is its version, and `as_of` the day on which it looks so, where it may look otherwise on
    another; or how often it was told what else the answer says, where that is no change of the resource. An
    `If-None-Match` that cannot be read is passed over: the whole answer is never wrong (section 13.1.2).
    """
    tag = etag(body["version"], as_of)
    return not_modified(request, tag) or JSONResponse(body, status, tagged(tag))


def tagged(tag: str) -> dict[str, str]:
    """Return the headers of an answer with an entity tag."""
    return {"ETag": tag, **_CACHING}


def not_modified(request: Request, tag: str) -> Response | None:
    """Return 304 to a reader whose copy bears the tag, None to any other."""
    if request.method in {"GET", "HEAD"} and _is_known(_field(request, "If-None-Match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=tagged(tag))
    return None


def _is_known(known: str | None, tag: str) -> bool:
    """Return whether one of the tags in `known` is `tag`, by the weak comparison."""
    if known is None or known == _ANY:
        return known == _ANY
    return tag in {each.removeprefix("W/") for each in _tags(known)}


def _tags(field: str) -> list[str]:
    """Return the entity tags of a list; none if it cannot be read."""
    return re.findall(_TAG, field) if _TAGS.fullmatch(field) else []


def _field(request: Request, name: str) -> str | None:
    """Return a field's value; one that comes in several lines is their list (section 5.3)."""
    lines = request.headers.getlist(name)
    return ",".join(lines).strip(" \t") if lines else None


def precondition_failed(version: int) -> Problem:
    """Return the problem of a change that rests on another version than the one that there is."""
    return Problem(
        "precondition-failed", HTTPStatus.PRECONDITION_FAILED, title="Dữ liệu đã được người khác sửa",
        title_en="Precondition failed", version=version,
        detail=f"Bản hiện nay là bản {version}. Hãy đọc lại, xem những điều đã đổi rồi gửi lại lệnh.",
    )  # fmt: skip


def invalid_if_match() -> Problem:
    """Return the problem of an `If-Match` that cannot be read."""
    return Problem(
        "invalid-if-match", HTTPStatus.BAD_REQUEST, title="Điều kiện If-Match không đọc được",
        title_en="Invalid If-Match",
        detail='Hãy dùng nguyên giá trị ETag của câu trả lời đã đọc, kể cả dấu ngoặc kép, ví dụ "3"; hoặc *.',
    )  # fmt: skip


def documented_if_match(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="ETag of the resource as last seen: the change is refused with 412 if somebody changed it"
            " since. Left out, the change is made whatever the version.",
            examples=['"3"'],
        ),
    ] = None,
) -> None:
    """Describe `If-Match` in the OpenAPI document of the routes that depend on this; `check_if_match` judges it."""


def documented_if_none_match(
    if_none_match: Annotated[
        str | None,
        Header(
            description="ETag of the copy at hand: 304 without a body if it still holds.", examples=['"3"']
        ),
    ] = None,
) -> None:
    """Describe `If-None-Match` in the OpenAPI document of the routes that depend on this; `resource` judges it."""
