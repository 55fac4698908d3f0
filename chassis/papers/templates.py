"""Templates of papers: a service's own, or those that an office put in their place."""

from pathlib import Path


def template(file: str, own: Path, office: Path | None) -> bytes:
    """Return the template of a file name: the one in the office's folder where there is one, else the service's own.

    It is read each time, so that one that was mended holds at once. Raises OSError where it cannot be read.
    """
    replaced = office and office / file
    return (replaced if replaced and replaced.exists() else own / file).read_bytes()
