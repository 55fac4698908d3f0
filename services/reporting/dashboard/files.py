"""The page's own files, served under an address that changes with what they hold: a browser keeps them for good."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chassis.problems import Problem

_FOLDER: Final = Path(__file__).parent / "assets"
_MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PREFIX: Final = "/assets"


@dataclass(frozen=True, slots=True)
class File:
    """One file in both forms in which it is sent."""

    media_type: str
    plain: bytes
    compressed: bytes


_FILES: Final = {
    path.name: File(_MEDIA_TYPES[path.suffix], path.read_bytes(), gzip.compress(path.read_bytes(), mtime=0))
    for path in sorted(_FOLDER.iterdir())
}
_VERSION: Final = hashlib.sha256(b"".join(file.plain for file in _FILES.values())).hexdigest()[:16]


def address(name: str) -> str:
    """Return where a file of the folder `assets` is served. Raises KeyError where there is none of that name."""
    _FILES[name]
    return f"{PREFIX}/{_VERSION}/{name}"


def router() -> APIRouter:
    """Return the route that serves the files."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(PREFIX + "/{version}/{name}")
    async def asset(request: Request, version: str, name: str) -> Response:
        file = _FILES.get(name)
        if file is None or version != _VERSION:
            raise Problem(
                "not-found", 404, title="Không tìm thấy", title_en="Not found",
                detail="Tệp này của trang không còn; hãy tải lại trang.",
            )  # fmt: skip
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "ETag": f'"{version}"',
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if accepts_gzip(request):
            return Response(
                file.compressed, headers=headers | {"Content-Encoding": "gzip"}, media_type=file.media_type
            )
        return Response(file.plain, headers=headers, media_type=file.media_type)

    return routes


def accepts_gzip(request: Request) -> bool:
    """Return whether the caller takes gzip: it names it, and not with the weight 0 (RFC 9110, section 12.5.3)."""
    for coding in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = coding.partition(";")
        if name.strip() == "gzip":
            return weight.strip().rstrip("0") not in {"q=", "q=0.", "q=."}
    return False
