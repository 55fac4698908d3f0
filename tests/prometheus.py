"""Prometheus and promtool: those on PATH, else those of Debian's package, unpacked inside the checkout.

Nothing is installed and nobody needs to be root: apt fetches the package against its signed lists (the machine's own,
or lists fetched into the checkout where the machine has none or old ones), and dpkg-deb unpacks it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.lock import FolderLock

TOOLS = Path(__file__).parents[1] / ".chibo" / "tools"
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
        folder = tools / "prometheus" / "usr" / "bin"
        if all(on_path):
            return cls(*(Path(str(found)) for found in on_path))
        tools.mkdir(parents=True, exist_ok=True)
        with FolderLock.of(tools / "lock"):  # tests run in several processes, and the first fetches for all
            if not folder.is_dir():
                _fetch(tools, path)
        return cls(*(folder / name for name in NEEDED))


def _fetch(tools: Path, path: str | None) -> None:
    programs = [shutil.which(name, path=path) for name in ("apt-get", "dpkg-deb")]
    if not all(programs):
        raise _missing("apt-get, dpkg-deb: not found")
    apt, dpkg = (str(program) for program in programs)
    # Under another name until it is whole: Ctrl-C in between leaves nothing that looks like a package.
    with tempfile.TemporaryDirectory(prefix="apt-", dir=tools) as name:
        own = Path(name)
        for folder in ("state/lists/partial", "cache/archives/partial", "unpacked"):
            (own / folder).mkdir(parents=True)
        ours = [f"-oDir::State={own}/state", f"-oDir::Cache={own}/cache"]
        said = _run([apt, "download", "prometheus"], own)
        if not list(own.glob("*.deb")):
            said += _run([apt, *ours, "update"], own) + _run([apt, *ours, "download", "prometheus"], own)
        packages = list(own.glob("*.deb"))
        if not packages:
            raise _missing(said)
        said += _run([dpkg, "--extract", str(packages[0]), str(own / "unpacked")], own)
        if not all((own / "unpacked/usr/bin" / needed).is_file() for needed in NEEDED):
            raise _missing(said)
        (own / "unpacked").rename(tools / "prometheus")


def _run(command: Sequence[str], folder: Path) -> str:
    # As whoever runs the tests: apt's own unprivileged user may not be let into the checkout.
    options = ["-oAPT::Sandbox::User="] if command[0].endswith("apt-get") else []
    done = subprocess.run(
        [command[0], *options, *command[1:]], cwd=folder, env=os.environ | {"LC_ALL": "C"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300,
    )  # fmt: skip
    return f"$ {' '.join(command)}\n{done.stdout}"


def _missing(said: str) -> PrometheusMissingError:
    return PrometheusMissingError(
        "Không có Prometheus và không tải được gói `prometheus` của Debian. Hãy cài Prometheus 2.42 trở lên "
        "rồi đưa `prometheus` và `promtool` vào PATH.\n"
        "(No Prometheus here, and Debian's package cannot be fetched: put `prometheus` and `promtool`, 2.42 or "
        f"later, on PATH.)\n{said}"
    )
