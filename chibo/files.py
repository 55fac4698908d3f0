"""Files that commands write on this machine's disk."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from chibo.console import Refused


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
