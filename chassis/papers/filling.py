"""A Word template filled in. The same template and values give the same bytes."""

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError
from markupsafe import Markup, escape

from chassis.papers.document import Picture
from chassis.papers.faults import PaperFault
from chassis.papers.template_words import in_words

_EPOCH: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - Word's properties bear no offset
"""When every paper says that it was made: it is dated by what it says, not by when somebody printed it."""
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNREADABLE: Final = (zipfile.BadZipFile, KeyError, ValueError, OSError, LxmlError)
"""What python-docx raises for a file that is no Word document."""


def filled(template: bytes, values: Mapping[str, Any], *, title: str) -> bytes:
    """Return a Word document: the template with its Jinja marks filled in, and `title` among its properties.

    Texts are put in as they are, in NFC; a line break in one stays a line break. A value that is a Picture stands
    where its mark stood. Raises PaperFault where the template is no Word document, asks for a value that is not among
    those given, or where its marks cannot be read.
    """
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.init_docx()
    except _UNREADABLE as error:
        raise PaperFault("tệp không phải văn bản Word (.docx) đọc được") from error
    try:
        document.render(_with_pictures(document, values), _environment(), autoescape=True)
    except TemplateError as error:
        where = " … ".join(
            " ".join(line.split()) for line in getattr(error, "docx_context", ()) if line.strip()
        )
        near = f"; gần chỗ: {where[:200]}" if where else ""
        said = in_words(str(error.message), values)
        raise PaperFault(f"chỗ điền không dùng được: {said}{near}") from error
    except (LxmlError, TypeError, AttributeError, ArithmeticError) as error:
        raise PaperFault(f"chỗ điền không dùng được: {error}") from error
    _tell_of(document.docx, [value for value in values.values() if isinstance(value, Picture)])
    properties = document.docx.core_properties
    properties.title, properties.language = _clean(title)[:255], "vi-VN"
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = _EPOCH
    properties.revision = 1
    made = io.BytesIO()
    document.save(made)
    return _dated(made)


def _environment() -> ImmutableSandboxedEnvironment:
    """Return the marks' language: a template is a file that people pass around, and may run nothing."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, finalize=_text)


def _with_pictures(document: DocxTemplate, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: InlineImage(document, io.BytesIO(value.content), Pt(value.width), Pt(value.height))
        if isinstance(value, Picture)
        else value
        for name, value in values.items()
    }


def _tell_of(document: WordDocument, pictures: Sequence[Picture]) -> None:
    """Say in a document's text what each of these pictures shows, as a screen reader tells it."""
    words = {one.content: one.words for one in pictures}
    for blip in document.element.body.iter(qn("a:blip")):
        shown = document.part.related_parts.get(blip.get(qn("r:embed")))
        said = words.get(shown.blob) if shown else None
        if said:
            [inline] = blip.iterancestors(qn("wp:inline"))
            inline.find(qn("wp:docPr")).set("descr", said)


def _text(value: object) -> object:
    """Return a text as XML holds it. An underscore goes by its code: docxtpl takes `{_{` for a mark of its own."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return Markup(str(escape(_clean(value))).replace("_", "&#95;"))  # noqa: S704 - escaped just here


def _clean(text: str) -> str:
    """Return a text in NFC, with a space for what XML cannot hold."""
    return "".join(one if _is_text(one) else " " for one in unicodedata.normalize("NFC", text))


def _is_text(one: str) -> bool:
    """Return whether a character is text: XML cannot hold others, and a tab is a place in a line, not a word."""
    return one == "\n" or (one >= " " and not "\ud800" <= one <= "\udfff" and one not in "\ufffe\uffff")


def _dated(made: io.BytesIO) -> bytes:
    """Return the same file with one time on all that is in it."""
    again = io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            info = zipfile.ZipInfo(entry.filename, _ZIP_EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            after.writestr(info, before.read(entry))
    return again.getvalue()
