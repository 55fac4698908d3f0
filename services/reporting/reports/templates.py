"""The template of reports: the service's own, or the one that an office put in its place."""

from pathlib import Path
from typing import Final

FILE: Final = "bao-cao.docx"
"""What it is called in a folder of templates."""
_OWN: Final = Path(__file__).parent / "templates" / FILE


def template(folder: Path | None) -> bytes:
    """Return the template: the one in `folder` where there is one, else the service's own.

    It is read each time, so that one that was mended holds at once. Raises OSError where it cannot be read.
    """
    replaced = folder and folder / FILE
    return (replaced if replaced and replaced.exists() else _OWN).read_bytes()
