"""The HTTP side of exports."""

import asyncio
import tempfile
from collections.abc import Iterator
from typing import IO, Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from chassis.database import Connection, Pool
from chassis.openapi import Answers, invalid_at, problem_answers
from chassis.problems import unavailable
from services.membership import store
from services.membership.columns import Kind
from services.membership.domain import Organisation
from services.membership.exports.register import write_register
from services.membership.exports.sheets import MEDIA_TYPES, Form
from services.membership.paging import Actor, note_read, reading
from services.membership.problems import unknown_organisation
from services.membership.queries import code_in_path

_BLOCK: Final = 256 * 1024

_Unit = Annotated[str | None, Query(description="Code of a unit: it and all below it; left out: everything")]

_FILE: Final[Answers] = {
    200: {
        "description": "The file",
        "content": {
            media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for media_type in MEDIA_TYPES.values()
        },
    }
}


def router(pool: Pool) -> APIRouter:
    """Return the routes that give the register as files."""
    routes = APIRouter(prefix="/exports", tags=["files"])

    @routes.get(
        "/{kind}.{form}",
        response_class=StreamingResponse,
        responses=_FILE
        | problem_answers(unknown_organisation("K.99"), invalid_at("path.kind"), unavailable()),
    )
    async def export(kind: Kind, form: Form, unit: _Unit = None, actor: Actor = "unknown") -> Response:
        """The units or the members of the register in the columns of the import; it imports back.

        Units come before those below them. A workbook has the Vietnamese names and words, CSV those of the format.
        """
        file: IO[bytes] = await asyncio.to_thread(tempfile.TemporaryFile)
        try:
            async with reading(pool) as connection:
                # One picture of the register for all of the file, whatever is changed meanwhile.
                await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                below = None if unit is None else await _organisation(connection, unit)
                count = await write_register(connection, kind, form, file, below=below)
                if kind is Kind.MEMBERS:
                    of = f"organisations/{below.code}/members" if below else "members"
                    await note_read(connection, actor, f"exports/{of}", count)
        except BaseException:
            file.close()
            raise
        # Nothing leaves before the note is committed, and a slow reader holds no connection.
        headers = {
            "Content-Disposition": f'attachment; filename="{kind}.{form}"',
            "Content-Length": str(file.seek(0, 2)),
            "Cache-Control": "no-store",
        }
        return StreamingResponse(_blocks(file), headers=headers, media_type=MEDIA_TYPES[form])

    return routes


async def _organisation(connection: Connection, code: str) -> Organisation:
    row = await connection.fetchrow(f"{store.ORGANISATION} WHERE unit.code = $1", code_in_path(code))
    if row is None:
        raise unknown_organisation(code)
    return store.organisation(row)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block
