"""Which kind of file some bytes are: told by what they hold, never by a name. Pure.

PDF by its header (ISO 32000-2, 7.5.2), images by their signatures (PNG specification, 5.2; ITU-T T.81), office files
by the parts of their package (ECMA-376). Files with macros are none of these: they run when opened.
"""

import io
import zipfile
from enum import StrEnum
from typing import Final

MAX_BYTES: Final = 20 * 1024 * 1024
"""The largest document [C]: a scanned decision of many pages; more does not go out by e-mail either."""


class FileKind(StrEnum):
    """Kinds of document that may be posted, by their file name's usual ending."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPEG = "jpg"

    @property
    def media_type(self) -> str:
        """Its media type, as IANA registers it."""
        return _MEDIA_TYPES[self]


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES: Final = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}
_SIGNATURES: Final = {
    FileKind.PDF: b"%PDF-",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
    FileKind.JPEG: b"\xff\xd8\xff",
}
_ZIP: Final = b"PK\x03\x04"
_PARTS: Final = {FileKind.DOCX: "word/document.xml", FileKind.XLSX: "xl/workbook.xml"}
_MACROS: Final = "vbaproject.bin"


def kind_of(body: bytes) -> FileKind | None:
    """Return the kind of file that bytes are; None where it is none that may be posted."""
    for kind, signature in _SIGNATURES.items():
        if body.startswith(signature):
            return kind
    return _office_kind(body) if body.startswith(_ZIP) else None


def _office_kind(body: bytes) -> FileKind | None:
    """Only the package's table of contents is read: nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "[content_types].xml" not in parts or any(part.endswith(_MACROS) for part in parts):
        return None
    found = [kind for kind, part in _PARTS.items() if part in parts]
    return found[0] if len(found) == 1 else None


def file_name(given: str, kind: FileKind) -> str:
    """Return the name under which a file is kept: without a folder, and with the ending of what it is."""
    base = given.replace("\\", "/").rpartition("/")[2].strip(". ") or "tai-lieu"
    endings = (f".{kind}", ".jpeg") if kind is FileKind.JPEG else (f".{kind}",)
    return base if base.lower().endswith(endings) else f"{base}.{kind}"
