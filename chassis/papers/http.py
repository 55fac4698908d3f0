"""Papers as answers over HTTP: in which form, under which name, and whether the reader has it already."""

import re
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from chassis.openapi import Answers
from chassis.papers.faults import PaperFault
from chassis.preconditions import not_modified, tagged
from chassis.problems import Problem
from chassis.vietnamese import fold

_BINARY: Final = {"type": "string", "format": "binary"}


class Form(StrEnum):
    """In which form a paper is wanted."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_HEADERS: Final[dict[str, Any]] = {
    "ETag": {
        "required": True,
        "description": "SHA-256 of the file: the same paper has the same bytes",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
        "example": f'"{"5f" * 32}"',
    },
}
FILE_NAME: Final[dict[str, Any]] = {
    "Content-Disposition": {
        "required": True,
        "description": "The file's name, in ASCII and as it is (RFC 6266)",
        "schema": {"type": "string"},
        "example": "attachment; filename=\"Bien-ban-05.pdf\"; filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%2005.pdf",
    },
}
"""The header that names a file, as the OpenAPI document tells it."""


def paper(request: Request, content: bytes, form: Form, name: str) -> Response:
    """Return the answer that carries a paper, or 304 to a reader who has it; `name` is without its ending."""
    tag = f'"{sha256(content).hexdigest()}"'
    headers = {
        **tagged(tag),
        "Content-Disposition": disposition(f"{name}.{form}"),
        "X-Content-Type-Options": "nosniff",
    }
    return not_modified(request, tag) or Response(content, headers=headers, media_type=form.media_type)


def disposition(name: str) -> str:
    """Return the header that names a file (RFC 6266), for old readers in ASCII; a path in it is none."""
    name = " ".join(re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "-", name).split())
    plain = (
        re.sub(r"[^A-Za-z0-9._-]+", "-", "".join(map(_plain, name.replace(" ", "-")))).strip("-.") or "tep"
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='', errors='replace')}"


def _plain(letter: str) -> str:
    """Return a letter without its marks, in its own case."""
    folded = fold(letter)
    return folded.upper() if letter.isupper() else folded


def documented(*forms: Form) -> Answers:
    """Return what the OpenAPI document says of such answers."""
    return {
        200: {
            "description": "The paper",
            "headers": _HEADERS | FILE_NAME,
            "content": {form.media_type: {"schema": _BINARY} for form in forms},
        },
        304: {"description": "The copy named by `If-None-Match` still holds", "headers": _HEADERS},
    }


def faulty_template(file: str, fault: PaperFault) -> Problem:
    """Return the problem of a template that somebody has to mend; `file` is its name."""
    return Problem(
        "faulty-template",
        500,
        title="Mẫu văn bản có lỗi",
        title_en="Faulty template",
        detail=f"Mẫu {file} chưa dùng được: {fault}. Hãy sửa tệp mẫu bằng Word, hoặc bỏ tệp đó khỏi thư mục mẫu"
        " để dùng mẫu có sẵn.",
    )
