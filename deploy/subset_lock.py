"""The part of requirements.lock that one service needs, so that its image holds no test tools and no servers.

    python deploy/subset_lock.py membership > locked.txt

The lock names for each package what asked for it ("via"); following that from the requirements of the service
in pyproject.toml gives its part, hashes included. Only the standard library is used, since it runs before
anything is installed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_PACKAGE = re.compile(r"(?P<name>[\w.-]+)==")
_VIA = re.compile(r"    # +(?:via +)?(?P<name>[a-z0-9][\w.-]*)$")
_REQUIREMENT = re.compile(r"[\w.-]+")


def normalised(name: str) -> str:
    """Return a package's name in the one spelling that the lock uses (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def subset(pyproject: str, lock: str, service: str) -> str:
    """Return the lines of `lock` that pyproject's own dependencies and those of its extra `service` need.

    Raises:
        ValueError: pyproject has no such extra, or the lock lacks something it asks for.
    """
    project = tomllib.loads(pyproject)["project"]
    if service not in project["optional-dependencies"]:
        raise ValueError(f"pyproject.toml has no extra {service!r}")
    blocks, wanted_by = _read(lock)
    asked = project["dependencies"] + project["optional-dependencies"][service]
    needed = {normalised(match[0]) for text in asked if (match := _REQUIREMENT.match(text))}
    if missing := needed - blocks.keys():
        raise ValueError(f"not in the lock: {', '.join(sorted(missing))}")
    while more := {name for name, via in wanted_by.items() if via & needed} - needed:
        needed |= more
    return "\n".join(line for name, lines in blocks.items() if name in needed for line in lines) + "\n"


def _read(lock: str) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    blocks: dict[str, list[str]] = {}
    wanted_by: dict[str, set[str]] = {}
    current = ""
    for line in lock.splitlines():
        if match := _PACKAGE.match(line):
            current = normalised(match["name"])
            blocks[current], wanted_by[current] = [], set()
        if current:
            blocks[current].append(line)
            if via := _VIA.match(line):
                wanted_by[current].add(normalised(via["name"]))
    return blocks, wanted_by


def main() -> None:
    """Print the part of the lock in this folder that the service named on the command line needs."""
    pyproject, lock = (
        Path(name).read_text(encoding="utf-8") for name in ("pyproject.toml", "requirements.lock")
    )
    sys.stdout.write(subset(pyproject, lock, sys.argv[1]))


if __name__ == "__main__":
    main()
