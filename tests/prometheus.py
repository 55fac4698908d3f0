"""Prometheus and promtool: those on PATH, else those of Debian's package, unpacked inside the checkout."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests import debian_package
from tests.debian_package import TOOLS

NEEDED = ("prometheus", "promtool")


class PrometheusMissingError(Exception):
    """There is no Prometheus here, and apt cannot give one; says what to do."""


@dataclass(frozen=True)
class Prometheus:
    """Where the two programs are."""

    prometheus: Path
    promtool: Path

    @classmethod
    def find(cls, path: str | None = None, tools: Path = TOOLS) -> "Prometheus":
        """Return the programs on `path` (PATH by default), else those of Debian's package, fetched once.

        Raises:
            PrometheusMissingError: neither can be had.
        """
        on_path = [shutil.which(name, path=path) for name in NEEDED]
        if all(on_path):
            return cls(*(Path(str(found)) for found in on_path))
        try:
            root = debian_package.unpacked("prometheus", tools=tools, path=path)
        except debian_package.CannotFetchError as error:
            raise _missing(str(error)) from error
        return cls(*(root / "usr" / "bin" / name for name in NEEDED))


def _missing(said: str) -> PrometheusMissingError:
    return PrometheusMissingError(
        "Không có Prometheus và không tải được gói `prometheus` của Debian. Hãy cài Prometheus 2.42 trở lên "
        "rồi đưa `prometheus` và `promtool` vào PATH.\n"
        "(No Prometheus here, and Debian's package cannot be fetched: put `prometheus` and `promtool`, 2.42 or "
        f"later, on PATH.)\n{said}"
    )
