"""Files as answers: made whole in a file without a name, which is gone however the process ends, then sent."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import IO, Any, Final

from fastapi.responses import StreamingResponse

from chassis.openapi import Answers
from services.membership.exports.sheets import MEDIA_TYPES, Form

_BLOCK: Final = 256 * 1024


@asynccontextmanager
async def unnamed_file() -> AsyncIterator[IO[bytes]]:
    """Give a file to be answered with; it is closed here only where that comes to nothing."""
    file: IO[bytes] = await asyncio.to_thread(tempfile.TemporaryFile)
    try:
        yield file
    except BaseException:
        file.close()
        raise


def download(file: IO[bytes], name: str, form: Form, *, status: int = 200) -> StreamingResponse:
    """Return the answer that sends `file` from its beginning and closes it; nobody on the way may keep it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Content-Length": str(file.seek(0, 2)),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_blocks(file), status, headers, media_type=MEDIA_TYPES[form])


def documented_file(*forms: Form) -> Answers:
    """Return what the OpenAPI document says of such an answer."""
    return {200: {"description": "The file", "content": file_content(*forms)}}


def file_content(*forms: Form) -> dict[str, Any]:
    """Return the media types of an answer that is a file."""
    return {
        MEDIA_TYPES[form].partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for form in forms
    }


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block
