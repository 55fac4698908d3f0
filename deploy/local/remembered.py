"""The ports of the servers of a kept folder: the same at each start where possible."""

from __future__ import annotations

import json
from pathlib import Path

from deploy.local import ports


class RememberedPorts:
    """Free ports by name; `file` says which were used before."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._before: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self._now: dict[str, int] = {}

    def pick(self, name: str) -> int:
        """Return the port used before under this name if it is free, else another free one.

        Raises:
            StackError: no free port was found.
        """
        port = ports.pick(self._before.get(name), taken=self._now.values())
        self._now[name] = port
        self._file.write_text(json.dumps(self._now), encoding="utf-8")
        return port
