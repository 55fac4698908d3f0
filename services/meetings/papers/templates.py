"""Templates of papers: the service's own, or those that an office put in their place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from chassis.papers.templates import template
from contracts.resolutions import DocumentKind

_OWN: Final = Path(__file__).parent / "templates"
FILES: Final[Mapping[DocumentKind, str]] = {
    DocumentKind.MINUTES: "bien-ban.docx",
    DocumentKind.RESOLUTION: "nghi-quyet.docx",
}
"""What a template is called in a folder of templates."""


def template_of(kind: DocumentKind, folder: Path | None) -> bytes:
    """Return the template of a kind of paper: the one in `folder` where there is one, else the service's own.

    Raises OSError where it cannot be read.
    """
    return template(FILES[kind], _OWN, folder)
