"""What the OpenAPI document says of answers, said once: problems as they are really given, entity tags, examples.

An example of a problem is the very object that the service would raise, so that the document cannot drift from it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, cast

from fastapi import FastAPI
from pydantic import BaseModel, JsonValue

from chassis import invalid_requests
from chassis.problems import MEDIA_TYPE, NAMESPACE, RETRY_AFTER, Problem, from_framework, invalid_request

Answers = dict[int | str, dict[str, Any]]
"""Answers by status, as FastAPI's `responses` takes them."""

_PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "What is wrong, where, and how to mend it (RFC 9457). `type` is stable; texts may change. Members"
    " beyond these depend on the type.",
    "type": "object",
    "required": ["type", "status", "title", "title_en", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": f"^{NAMESPACE}[a-z0-9-]+$"},
        "status": {"type": "integer"},
        "title": {"type": "string", "description": "The kind of problem, in Vietnamese"},
        "title_en": {"type": "string", "description": "The same in English"},
        "detail": {"type": "string", "description": "This case, and what to do"},
        "errors": {
            "type": "array",
            "description": "Each thing that is wrong, where there may be several",
            "items": {"type": "object"},
        },
    },
}
_REFERENCE: Final = "#/components/schemas/Problem"


def problem_answers(*examples: Problem, further: Mapping[int, Collection[str]] | None = None) -> Answers:
    """Return the answers that carry problems: the kinds of the examples, and no others.

    `further` names kinds without an example, by status of which there is one: the rules that commands may break.
    """
    by_status: defaultdict[int, list[Problem]] = defaultdict(list)
    for example in examples:
        by_status[example.status].append(example)
    return {
        status: _problem_answer(status, kinds, sorted((further or {}).get(status, ())))
        for status, kinds in sorted(by_status.items())
    }


def _problem_answer(status: int, kinds: Sequence[Problem], further: Sequence[str]) -> dict[str, Any]:
    types = dict.fromkeys(NAMESPACE + type_ for type_ in (*(kind.type for kind in kinds), *further))
    answer: dict[str, Any] = {
        "description": "; ".join(f"{kind.title_en} (`{kind.type}`)" for kind in kinds)
        + ("; and the other types in the schema" if further else ""),
        "content": {
            MEDIA_TYPE: {
                "schema": {"allOf": [{"$ref": _REFERENCE}, {"properties": {"type": {"enum": list(types)}}}]},
                "examples": {kind.type: {"summary": kind.title, "value": kind.as_json()} for kind in kinds},
            }
        },
    }
    if status in RETRY_AFTER:
        answer["headers"] = {
            "Retry-After": {
                "required": True,
                "description": "Seconds after which the same call may be made again",
                "schema": {"type": "string", "pattern": "^[0-9]+$"},
                "example": RETRY_AFTER[status],
            }
        }
    return answer


def invalid_at(place: str) -> Problem:
    """Return an example of a request that is wrong at `place`, such as `query.limit`."""
    return invalid_request([invalid_requests.example(place)])


def unreadable_body() -> Problem:
    """Return an example of a body whose bytes are not text."""
    return from_framework(HTTPStatus.BAD_REQUEST, "POST /v1/…")


def no_such_path() -> Problem:
    """Return the problem of a code that no path can hold: the framework knows no route for a line end in it."""
    return from_framework(HTTPStatus.NOT_FOUND, "GET /v1/…")


_ETAG: Final = {
    "ETag": {
        "required": True,
        "description": "The resource's version, for `If-Match` and `If-None-Match`; with a day behind it where the"
        " resource may look otherwise on another, or a count of what else is shown",
        "schema": {"type": "string", "pattern": '^"[0-9]+(@([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+))?"$'},
        "example": '"3"',
    }
}


def resource_answer(status: int, model: type[BaseModel], description: str) -> Answers:
    """Return the answer that carries one resource, with its entity tag."""
    return {status: {"model": model, "description": description, "headers": _ETAG}}


NOT_MODIFIED: Final[Answers] = {
    304: {"description": "The copy named by `If-None-Match` still holds", "headers": _ETAG}
}


def example(value: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the `json_schema_extra` of a model that has one example."""
    return {"examples": [cast("JsonValue", value)]}


def install(app: FastAPI) -> None:
    """Complete the OpenAPI document of `app`: what answers refer to, and validation's answer as it really is."""
    describe = app.openapi
    invalid = problem_answers(invalid_at("query.limit"))[422]

    def complete() -> dict[str, Any]:
        document = describe()
        for operations in document["paths"].values():
            for operation in operations.values():
                # The framework's own description, which it gives wherever a route does not say otherwise.
                if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                    operation["responses"]["422"] = invalid
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas["Problem"] = _PROBLEM
        return document

    app.openapi = complete  # type: ignore[method-assign]
