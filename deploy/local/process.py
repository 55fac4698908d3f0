"""Child processes that cannot be left behind, and waiting until one is ready."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from deploy.local.errors import not_ready, process_died, stopping
from deploy.local.reaper import TOKEN_VARIABLE, Reaper, kill_tree

_POLL_SECONDS = 0.03

SERVERS, SERVICES = 1, 2
"""Stages of stopping: services first, while their servers still answer."""


class Supervisor:
    """Starts processes so that the reaper knows of each; shared by all parts of one stack."""

    def __init__(self, token: str, reaper: Reaper) -> None:
        self._token = token
        self._reaper = reaper
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def spawn(
        self,
        argv: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        identity: Mapping[str, Any] | None = None,
        stop_signal: int = signal.SIGTERM,
        stage: int = SERVERS,
        grace: float = 10.0,
    ) -> Child:
        """Start a process whose output is appended to `log`.

        `env` is the whole environment (default: this program's), `identity` further arguments of `Popen` that
        say as whom it runs, `grace` how many seconds after `stop_signal` it may take to end before SIGKILL.

        Raises:
            StackError: the stack is being stopped, so nothing more may start.
        """
        with self._lock, log.open("ab") as output:
            # The lock makes this check and the start one step: what starts is on the list that is then
            # stopped.
            if self.is_closing():
                raise stopping()
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**(os.environ if env is None else env), TOKEN_VARIABLE: self._token},
                start_new_session=True,  # Ctrl-C in the terminal reaches only us, who stop things in order
                **(identity or {}),
            )
            self._reaper.add(process, number=stop_signal, stage=stage, grace=grace)
        return Child(process, log, stop_signal, grace, self)

    def forget(self, pid: int) -> None:
        """Take a process that has ended off the reaper's list."""
        self._reaper.remove(pid)

    def wait(self, child: Child, name: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready()`, watching that the process lives.

        Raises:
            StackError: it ended, it was not ready within so many seconds, or the stack is being stopped.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if not child.alive():
                raise process_died(name, child.log, child.returncode)
            if time.monotonic() > deadline:
                raise not_ready(name, child.log, seconds)
            if self._closing.wait(_POLL_SECONDS):
                raise stopping()

    def is_closing(self) -> bool:
        """Tell whether the stack is being stopped."""
        return self._closing.is_set()

    def close(self) -> None:
        """Let nothing more start, and end every `wait`."""
        self._closing.set()
        with self._lock:
            pass  # a start under way has finished


class Child:
    """One running process of the stack."""

    def __init__(
        self,
        process: subprocess.Popen[Any],
        log: Path,
        stop_signal: int,
        grace: float,
        supervisor: Supervisor,
    ) -> None:
        self._process = process
        self._stop_signal = stop_signal
        self._grace = grace
        self._supervisor = supervisor
        self.log = log

    @property
    def pid(self) -> int:
        """Process id, meaningful while it lives."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """Exit code, minus the signal's number if it was killed, None while it lives."""
        return self._process.returncode

    def alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Kill it and what it started with SIGKILL, and wait; nothing happens if it is already gone."""
        if self.alive():
            kill_tree(psutil.Process(self.pid))
        self._gone()

    def stop(self) -> None:
        """Ask it to end and wait; after its grace time, kill it."""
        if self.alive():
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(self._grace)
            except subprocess.TimeoutExpired:
                self.kill()
        self._gone()

    def _gone(self) -> None:
        self._process.wait()
        self._supervisor.forget(self.pid)
