"""Programs from Debian's packages, unpacked into `.chibo/tools`: the system stays as it is, and nobody need be root.

apt works out which packages the machine lacks and fetches them by its own sources and keys, but with lists and
archives in a folder of ours; `dpkg-deb` unpacks them. A program then runs with `environment`, which lets it find
its libraries there.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.local.lock import FolderLock

TOOLS = Path(__file__).parents[1] / ".chibo" / "tools"


class CannotFetchError(Exception):
    """The packages cannot be had on this machine; says why."""


def unpacked(*packages: str, tools: Path = TOOLS, path: str | None = None) -> Path:
    """Return the folder that holds these packages and what they need beyond the machine's own; fetched once.

    A package that the machine has is not fetched: what it holds is in its usual place. apt is looked for on `path`,
    PATH by default. Raises CannotFetchError.
    """
    home = tools / "-".join(packages)
    tools.mkdir(parents=True, exist_ok=True)
    with FolderLock.of(tools / "lock"):  # tests run in several processes, and the first fetches for all
        if not home.exists():
            if not all(shutil.which(name, path=path) for name in ("apt-get", "dpkg-deb")):
                raise CannotFetchError("apt-get, dpkg-deb: not found")
            _unpack(packages, home)
    return home


def _unpack(packages: Sequence[str], home: Path) -> None:
    # Under another name until it is whole: a run that is broken off leaves nothing that looks like a program.
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="fetching-") as name:
        root = Path(name) / "root"
        root.mkdir()
        for archive in _fetch(packages, Path(name) / "apt"):
            _run(["dpkg-deb", "--extract", str(archive), str(root)])
        root.rename(home)


def environment(root: Path) -> dict[str, str]:
    """Return the environment in which a program unpacked in `root` finds its libraries and its fonts."""
    libraries = sorted({str(file.parent) for file in (root / "usr" / "lib").glob("*-linux-gnu*/**/*.so*")})
    fonts = root / "fonts.conf"
    if not fonts.exists():
        fonts.write_text(
            f'<?xml version="1.0"?><fontconfig><dir>{root}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>'
            f"<cachedir>{root}/font-cache</cachedir></fontconfig>",
            encoding="utf-8",
        )
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(libraries), "FONTCONFIG_FILE": str(fonts)}


def _fetch(packages: Sequence[str], home: Path) -> list[Path]:
    for folder in ("lists/partial", "archives/partial"):
        (home / folder).mkdir(parents=True)
    apt = [
        "apt-get", "--quiet", "--yes",
        "-o", f"Dir::State::lists={home}/lists",
        "-o", f"Dir::Cache={home}",
        "-o", f"Dir::Cache::archives={home}/archives",
        "-o", "Debug::NoLocking=true",
        *(["-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else []),  # else apt cannot write to our folder
    ]  # fmt: skip
    _run([*apt, "update"])
    _run([*apt, "install", "--download-only", "--no-install-recommends", *packages])
    return sorted((home / "archives").glob("*.deb"))


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise CannotFetchError(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
