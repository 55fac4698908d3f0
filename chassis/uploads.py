"""Files over HTTP: the body of a request, no larger than is allowed, and a file that was kept given back."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from chassis.problems import Problem


async def read_body(request: Request, file_name: str, most: int) -> bytes:
    """Return the body of a request. Raises Problem `file-too-large` (413), before reading if it can."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > most:
        raise file_too_large(file_name, most)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise file_too_large(file_name, most)
    return bytes(body)


def file_too_large(file_name: str, limit: int) -> Problem:
    """Return the problem of an uploaded file that is larger than `limit` bytes."""
    return Problem(
        "file-too-large",
        413,
        title="Tệp quá lớn",
        title_en="File too large",
        detail=f"{file_name}: tệp lớn hơn {limit // 1024 // 1024} MiB; hãy chia thành nhiều tệp.",
        limit=limit,
    )


def stored_file(body: bytes, name: str, media_type: str) -> Response:
    """Return the answer that gives a file back as it was sent: nobody caches it, no browser guesses what it is."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, headers=headers, media_type=media_type)
