"""`chibo export` and `chibo template`: files that membership makes, on this machine's disk."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from chibo.client import Client
from chibo.console import Refused

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


@contextmanager
def written(file: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    """Give a file to write, which takes its name once it is whole; nobody but its owner may read it.

    Raises Refused where there is such a file already, unless it is to be overwritten, or where it cannot be written.
    """
    if file.exists() and not overwrite:
        raise Refused(f"Tệp {file} đã có. Hãy chọn tên khác, hoặc thêm --overwrite để ghi đè.")
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError as error:
        raise Refused(f"Không ghi được tệp {file}: {error.strerror}.") from error
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as content:
            yield content
        unfinished.replace(file)
    except OSError as error:
        raise Refused(f"Không ghi được tệp {file}: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
