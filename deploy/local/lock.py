"""One stack a folder: a lock that the kernel gives back when its last holder ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from deploy.local.errors import StackError

_POLL_SECONDS = 0.05


class FolderLock:
    """An exclusive lock on a data folder, held from `acquire` until `release`.

    The reaper inherits `descriptor`. So the lock outlasts a killed program until its servers are stopped, and
    data is never opened by two servers.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def acquire(cls, folder: Path, *, patience: float = 30.0) -> FolderLock:
        """Lock the folder.

        If the program that held the lock has ended and only its clean-up still goes on, wait for that up to
        `patience` seconds.

        Raises:
            StackError: a running program holds the lock.
        """
        path = folder / "lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        while not cls._try(descriptor):
            holder = _holder(path)
            if (holder is not None and psutil.pid_exists(holder)) or time.monotonic() > deadline:
                os.close(descriptor)
                raise StackError(
                    f"Thư mục dữ liệu {folder} đang được một tiến trình chibo khác sử dụng. "
                    "Hãy dừng tiến trình đó trước.",
                    f"data folder in use by process {holder or 'unknown'}",
                )
            time.sleep(_POLL_SECONDS)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        return cls(descriptor)

    @classmethod
    @contextlib.contextmanager
    def of(cls, path: Path) -> Iterator[None]:
        """Hold a lock on this file within a `with` block, waiting for whoever holds it now."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @classmethod
    def is_free(cls, folder: Path) -> bool:
        """Tell whether nobody holds the folder's lock now."""
        try:
            descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return True
        try:
            return cls._try(descriptor)
        finally:
            os.close(descriptor)

    @staticmethod
    def _try(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give the lock back; the file stays, since deleting it would let two programs lock two files."""
        os.close(self.descriptor)


def _holder(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
