"""The HTTP side of figures: one question for all of them, what can be asked, and figures as they change."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from chassis.http import in_parts
from chassis.openapi import Answers, problem_answers
from chassis.preconditions import documented_if_none_match, not_modified, tagged
from chassis.problems import unavailable
from chassis.rebuilding import reading
from chassis.resources import Resources
from services.reporting import parameters
from services.reporting.consumers import SUBSCRIPTIONS
from services.reporting.dated_tree import Trees
from services.reporting.figures import answers, question
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.dimensions import Dimension
from services.reporting.figures.forms import MEDIA_TYPES, csv_file, parquet_file, xlsx_file
from services.reporting.figures.live import Moves, events
from services.reporting.figures.negotiation import form_of, not_acceptable
from services.reporting.figures.periods import Step
from services.reporting.figures.query import Answer, answer, mark
from services.reporting.figures.question import Form, Question
from services.reporting.parameters import Code, KnownAt
from services.reporting.recorded import local_day
from services.reporting.tags import HEADERS, NOT_MODIFIED, tag

_CONSUMERS: Final = tuple(handler.name for _, handler in SUBSCRIPTIONS)
_EVENT_STREAM: Final = "text/event-stream"

_PERIOD_TEXT: Final = "a day (2020-11-30), month (2020-11), quarter (2020-Q4) or year (2020)"
_From = Annotated[
    str | None,
    Query(
        alias="from", description=f"First day of {_PERIOD_TEXT}; by default 1 January of the last day's year",
        examples=["2020-10"],
    ),
]  # fmt: skip
_To = Annotated[
    str | None,
    Query(description=f"Last day of {_PERIOD_TEXT}; today in Asia/Ho_Chi_Minh by default", examples=["2020-11"]),
]  # fmt: skip
_ByPeriod = Annotated[
    str | None,
    Query(description=f"Into what the period is cut: {', '.join(Step)} (default: whole)", examples=["month"]),
]
_Measures = Annotated[
    str | None,
    Query(
        description="Codes of `/v1/measures`, comma-separated; `meetings.*`: all that begin so. Default: members",
        examples=["meetings.held"],
    ),
]  # fmt: skip
_By = Annotated[
    str | None,
    Query(
        description=f"What figures are told apart by, comma-separated: {', '.join(Dimension)}; each measure has its"
        " own. unit: directly below, grassroots: tổ chức cơ sở đảng, cell: chi bộ; at most one of these three",
        examples=["unit"],
    ),
]  # fmt: skip
_Compare = Annotated[
    str | None,
    Query(description="`last-year`: beside each figure that of the same days a year before", examples=["last-year"]),
]  # fmt: skip
_Rank = Annotated[
    str | None,
    Query(
        description="A code of `measures` to rank the rows of each period by, the highest first; with - before it the"
        " lowest",
        examples=["meetings.held"],
    ),
]  # fmt: skip
_Limit = Annotated[
    str | None, Query(description="How many rows of each period are given, 1 to 10000", examples=["10"])
]
_Format = Annotated[
    str | None, Query(description=f"{', '.join(Form)}; else as `Accept` says, JSON by default", examples=["json"])
]  # fmt: skip

_REFUSALS: Final = problem_answers(
    parameters.not_a_day("from"), parameters.unknown_unit("K.99"), not_acceptable(), unavailable()
)
_FIGURES: Final[Answers] = {
    200: {
        "model": answers.Figures,
        "description": "The figures; in other forms one table, a line for each row",
        "headers": HEADERS,
        "content": {
            MEDIA_TYPES[form]: {"schema": {"type": "string", "format": "binary"}}
            for form in Form
            if form is not Form.JSON
        },
    },
    **NOT_MODIFIED,
}
_LIVE: Final[Answers] = {
    200: {
        "description": "Events `figures`, each with the JSON of `/v1/figures` as data and its tag as id: one at"
        " once, and one whenever more was counted. Ends when the service stops; browsers then ask again.",
        "content": {
            _EVENT_STREAM: {
                "schema": {"type": "string"},
                "example": 'id: "9b6f…"\nevent: figures\ndata: {…}\n\n',
            }
        },
    }
}  # fmt: skip
_UNIT_AND_PERIOD: Final = (
    "unit",
    "from",
    "to",
    "by_period",
    "measures",
    "by",
    "compare",
    "rank",
    "limit",
    "known_at",
)


def router(resources: Resources, trees: Trees) -> APIRouter:
    """Return the routes of figures."""
    routes = APIRouter(tags=["figures"])
    moves = Moves(resources.pool)

    @routes.get("/measures")
    async def measures() -> answers.Measures:
        """List what can be asked for: each measure with its label, what it counts and how it is told apart."""
        return answers.Measures(measures=[answers.catalogue_entry(one) for one in MEASURES.values()])

    async def asked(
        question_: Question, form: Form, *, is_known: Callable[[str], bool] = lambda _: False
    ) -> tuple[str, Answer | None]:
        """Return the answer in one snapshot behind its tag; None where that is known."""
        async with reading(resources.pool) as connection:
            marked = await mark(connection, _CONSUMERS)
            tag_ = tag((question_, form), marked, today=local_day(marked.at))
            if is_known(tag_):
                return tag_, None
            found = await answer(connection, trees, question_, marked)
        if found is None:
            raise parameters.unknown_unit(question_.unit or "")
        return tag_, found

    @routes.get(
        "/figures",
        response_model=None,
        responses=_FIGURES | _REFUSALS,
        dependencies=[Depends(documented_if_none_match)],
    )
    async def figures(
        request: Request,
        *,
        unit: Code = None,
        from_: _From = None,
        to: _To = None,
        by_period: _ByPeriod = None,
        measures: _Measures = None,
        by: _By = None,
        compare: _Compare = None,
        rank: _Rank = None,
        limit: _Limit = None,
        known_at: KnownAt = None,
        format: _Format = None,  # noqa: A002 - as it is called in the address
    ) -> Response:
        """Give figures of a unit and all below it, by the tree of each day: unit x period x measures x dimensions."""
        parameters.only(request, *_UNIT_AND_PERIOD, "format")
        form = form_of(format, request.headers.get("accept"))
        question_ = question.read(request.query_params)
        tag_, found = await asked(
            question_, form, is_known=lambda one: not_modified(request, one) is not None
        )
        if found is None:
            return Response(status_code=304, headers=tagged(tag_))
        return await _response(question_, form, tag_, found)

    @routes.get("/live", response_model=None, responses=_LIVE | problem_answers(
        parameters.not_a_day("from"), parameters.unknown_unit("K.99"), unavailable()
    ))  # fmt: skip
    async def live(
        request: Request,
        *,
        unit: Code = None,
        from_: _From = None,
        to: _To = None,
        by_period: _ByPeriod = None,
        measures: _Measures = None,
        by: _By = None,
        compare: _Compare = None,
        rank: _Rank = None,
        limit: _Limit = None,
    ) -> StreamingResponse:
        """Give figures now, and again whenever more was counted, as server-sent events."""
        parameters.only(request, *(name for name in _UNIT_AND_PERIOD if name != "known_at"))

        async def now() -> tuple[str, bytes]:
            # Read anew each time: without a last day the question is about today.
            question_ = question.read(request.query_params)
            tag_, found = await asked(question_, Form.JSON)
            return tag_, b"".join(answers.as_json(question_, found)) if found else b""

        await now()  # a question that cannot be answered is refused before the stream begins
        stream = events(moves, resources.stopping, now, last_id=request.headers.get("last-event-id"))
        return StreamingResponse(stream, media_type=_EVENT_STREAM, headers={"Cache-Control": "no-store"})

    return routes


async def _response(question_: Question, form: Form, tag_: str, found: Answer) -> Response:
    headers = tagged(tag_) | {"Vary": "Accept"}
    match form:
        case Form.JSON:
            return in_parts(answers.as_json(question_, found), headers, MEDIA_TYPES[form])
        case Form.CSV:
            body = csv_file(question_, found)
        case Form.XLSX:
            body = await asyncio.to_thread(xlsx_file, question_, found)
        case Form.PARQUET:
            body = await asyncio.to_thread(parquet_file, question_, found)
    headers |= {"Content-Disposition": f'attachment; filename="figures.{form}"'}
    return Response(body, headers=headers, media_type=MEDIA_TYPES[form])
