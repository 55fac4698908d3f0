"""Passwords of the databases, made at random and kept beside the data so that a second start finds them."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


class Passwords:
    """Random passwords by name, in a file that only its owner may read (mode 0600)."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def get(self, name: str) -> str:
        """Return the password kept under this name, making and keeping one the first time."""
        if name not in self._known:
            self._known[name] = secrets.token_hex(24)
            self._write()
        return self._known[name]

    def _write(self) -> None:
        new = self._file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self._known, file)
            # On disk before any server is told it: a lost password locks the data away.
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
