"""The template of reports: the service's own, or the one that an office put in its place."""

from pathlib import Path
from typing import Final

from chassis.papers import templates

FILE: Final = "bao-cao.docx"
"""What it is called in a folder of templates."""
_OWN: Final = Path(__file__).parent / "templates"


def template(folder: Path | None) -> bytes:
    """Return the template: the one in `folder` where there is one, else the service's own. Raises OSError."""
    return templates.template(FILE, _OWN, folder)
