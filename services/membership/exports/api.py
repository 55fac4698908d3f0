"""The HTTP side of exports and templates."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from chassis.database import Pool
from chassis.openapi import invalid_at, problem_answers
from chassis.problems import unavailable
from services.membership.columns import Kind
from services.membership.downloads import documented_file, download, unnamed_file
from services.membership.exports.register import write_register
from services.membership.exports.sheets import MEDIA_TYPES, Form
from services.membership.exports.templates import template
from services.membership.paging import Actor, note_read, reading
from services.membership.problems import unknown_organisation
from services.membership.queries import organisation_of
from services.membership.requests import MaybeDay

_Unit = Annotated[str | None, Query(description="Code of a unit: it and all below it; left out: everything")]
_AsOf = Annotated[
    MaybeDay,
    Query(
        description="ISO day: what there was on that day; left out: what was recorded last, to import back"
    ),
]


def router(pool: Pool) -> APIRouter:
    """Return the routes that give files."""
    routes = APIRouter(tags=["files"])

    @routes.get(
        "/templates/{kind}.xlsx",
        response_class=Response,
        responses=documented_file(Form.XLSX) | problem_answers(invalid_at("path.kind")),
    )
    async def empty(kind: Kind) -> Response:
        """A workbook to fill in and import: Vietnamese headers, pick-lists, and an explanation of each column."""
        content = await asyncio.to_thread(template, kind)
        headers = {"Content-Disposition": f'attachment; filename="{kind}-template.xlsx"'}
        return Response(content, headers=headers, media_type=MEDIA_TYPES[Form.XLSX])

    @routes.get(
        "/exports/{kind}.{form}",
        response_class=StreamingResponse,
        responses=documented_file(*Form)
        | problem_answers(unknown_organisation("K.99"), invalid_at("path.kind"), unavailable()),
    )
    async def export(
        kind: Kind, form: Form, unit: _Unit = None, as_of: _AsOf = None, actor: Actor = "unknown"
    ) -> Response:
        """The units, the members or the transfers of the register in the columns of the import; it imports back.

        Without `as_of` as they were recorded last, with those dissolved and those who left; with it only what counted
        on that day, as what and where it did then. Transfers are those on their way or received; of a day, those on
        their way then. Units come before those below them. A workbook has the Vietnamese
        names and words, CSV those of the format.
        """
        async with unnamed_file() as file:
            async with reading(pool) as connection:
                # One picture of the register for all of the file, whatever is changed meanwhile.
                await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                below = None if unit is None else await organisation_of(connection, unit)
                count = await write_register(connection, kind, form, file, below=below, as_of=as_of)
                if kind is not Kind.ORGANISATIONS:
                    of = f"organisations/{below.code}/{kind}" if below else kind.value
                    on = f"?as_of={as_of}" if as_of else ""
                    await note_read(connection, actor, f"exports/{of}{on}", count)
            # Nothing leaves before the note is committed, and a slow reader holds no connection.
            return download(file, kind, form)

    return routes
