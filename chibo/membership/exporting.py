"""`chibo export` and `chibo template`: files that membership makes, on this machine's disk."""

from pathlib import Path
from typing import Final

from chibo.client import Client
from chibo.console import Refused
from chibo.files import written

_FORMS: Final = (".csv", ".xlsx")


def export(
    membership: Client,
    kind: str,
    file: Path,
    *,
    unit: str | None = None,
    as_of: str | None = None,
    actor: str,
    overwrite: bool = False,
) -> None:
    """Write the register's `kind` ("organisations" or "members") to `file`, as CSV or XLSX by its name.

    With `unit` only that unit and all below it; with `as_of`, an ISO day, only what there was on that day, as it was
    then. `actor` is noted as who read. Raises Refused where the file exists
    and is not to be overwritten or cannot be written, ProblemAnswer where membership refuses.
    """
    form = file.suffix.lower()
    if form not in _FORMS:
        raise Refused(f"{file.name}: chỉ xuất ra tệp .csv hoặc .xlsx.")
    with written(file, overwrite=overwrite) as content:
        membership.download(
            f"/v1/exports/{kind}{form}", content, headers={"X-Chibo-Actor": actor}, unit=unit, as_of=as_of
        )


def template(membership: Client, kind: str, file: Path, *, overwrite: bool = False) -> None:
    """Write the workbook to fill in for `kind`. Raises as `export`."""
    if file.suffix.lower() != ".xlsx":
        raise Refused(f"{file.name}: mẫu là tệp .xlsx.")
    with written(file, overwrite=overwrite) as content:
        membership.download(f"/v1/templates/{kind}.xlsx", content)
