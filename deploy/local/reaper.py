"""Stopping what was started, whatever becomes of the program that started it.

`python -m deploy.local.reaper` is a small process that holds the reading end of a pipe whose writing end only
the starting program has. While that lives, it is told of each process started. When the pipe ends - the
program ended, crashed or was killed with SIGKILL - it stops what is left and deletes the folder if that was a
throw-away one.

Every process of a stack carries the stack's token in its environment. That finds one that was started but not
told of (the program died between the two), and processes that a service started by itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import psutil

TOKEN_VARIABLE = "CHIBO_STACK"  # noqa: S105 - a name, not a secret

_POLL_SECONDS = 0.02
# A start time is read again within milliseconds of the first reading; only a change of the clock can come
# between.
_SAME_START_SECONDS = 1.0


@dataclass(frozen=True)
class Entry:
    """A process to stop: `signal` asks it to, and after `grace` seconds SIGKILL makes it.

    `started` (seconds since the epoch, from psutil) guards against the pid having been given to another
    process. Processes of a higher `stage` are stopped first, those of one stage together.
    """

    pid: int
    started: float
    signal: int
    stage: int
    grace: float


def _same_process(entry: Entry) -> psutil.Process | None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(entry.pid)
        if abs(process.create_time() - entry.started) < _SAME_START_SECONDS:
            return process
    return None


def _is_alive(process: psutil.Process) -> bool:
    try:
        # A zombie has ended; only its parent can take it off the table.
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait up to so many seconds, and return those that still live."""
    deadline = time.monotonic() + seconds
    left = [process for process in processes if _is_alive(process)]
    while left and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
        left = [process for process in left if _is_alive(process)]
    return left


def _send(process: psutil.Process, number: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def kill_tree(process: psutil.Process) -> None:
    """Kill a process and those it started with SIGKILL, and wait for all to end.

    PostgreSQL is why: a server process in a long query outlives its postmaster, and goes on writing.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        process.suspend()  # or it could start one more after we looked
        members = [process, *process.children(recursive=True)]
        for member in members:
            _send(member, signal.SIGKILL)
        _wait(members, 10)


def _carriers(token: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(TOKEN_VARIABLE) == token:
                found.append(process)
    return found


def stop_all(entries: Iterable[Entry], token: str) -> None:
    """Stop the entries, higher stages first, then by SIGKILL everything else that carries the token.

    Returns once all of it has ended; a process outlives its own `grace` by no more than the kernel takes.
    """
    alive = [(entry, process) for entry in entries if (process := _same_process(entry)) is not None]
    for stage in sorted({entry.stage for entry, _ in alive}, reverse=True):
        members = [(entry, process) for entry, process in alive if entry.stage == stage]
        for entry, process in members:
            _send(process, entry.signal)
        for process in _wait([process for _, process in members], max(entry.grace for entry, _ in members)):
            kill_tree(process)
    while left := [process for process in _carriers(token) if _is_alive(process)]:
        for process in left:
            _send(process, signal.SIGKILL)
        if _wait(left, 10):
            return  # stuck in the kernel: nothing more can be done from here


def remove_folder(folder: Path) -> None:
    """Delete a throw-away folder with everything in it; what cannot be deleted is left."""
    shutil.rmtree(folder, ignore_errors=True)


class Reaper:
    """The starting program's side of the pipe.

    `inherit` is a file descriptor that the reaper keeps open as long as it lives: the folder's lock, which so
    outlasts a killed program until its processes are stopped.
    """

    def __init__(self, token: str, *, throw_away: Path | None, inherit: int) -> None:
        self._entries: dict[int, tuple[Entry, subprocess.Popen[Any]]] = {}
        self._token = token
        self._process: subprocess.Popen[str] = subprocess.Popen(
            [sys.executable, "-m", "deploy.local.reaper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[inherit],
            start_new_session=True,  # Ctrl-C in the terminal must not reach it
            text=True,
        )
        self._tell("begin", token=token, folder=str(throw_away) if throw_away else None)

    @property
    def pid(self) -> int:
        """Process id of the reaper."""
        return self._process.pid

    def add(self, process: subprocess.Popen[Any], *, number: int, stage: int, grace: float) -> None:
        """Have a process that was just started stopped with the rest; see `Entry`."""
        try:
            started = psutil.Process(process.pid).create_time()
        except psutil.NoSuchProcess:  # ended already, and `poll` was quicker than we
            started = 0.0
        entry = Entry(process.pid, started, number, stage, grace)
        self._entries[entry.pid] = entry, process
        self._tell("add", entry=asdict(entry))

    def remove(self, pid: int) -> None:
        """Forget a process that has ended."""
        if self._entries.pop(pid, None) is not None:
            self._tell("remove", pid=pid)

    def finish(self) -> None:
        """Stop everything from here, then let the reaper go, which finds at most a folder to delete."""
        started = list(self._entries.values())
        stop_all([entry for entry, _ in started], self._token)
        for _, process in started:
            process.wait()
        self.let_go()

    def let_go(self) -> None:
        """Close the pipe and wait until the reaper has stopped what is left."""
        with contextlib.suppress(BrokenPipeError):
            _pipe(self._process).close()
        self._process.wait()

    def _tell(self, what: str, **fields: object) -> None:
        # A reaper that was itself killed is no reason to fail: `finish` does without it.
        with contextlib.suppress(BrokenPipeError, ValueError):
            pipe = _pipe(self._process)
            pipe.write(json.dumps({"what": what, **fields}) + "\n")
            pipe.flush()


def _pipe(process: subprocess.Popen[str]) -> IO[str]:
    if process.stdin is None:
        raise ValueError("the reaper was started without a pipe")
    return process.stdin


def watch(lines: Iterable[str], stop: Callable[[Iterable[Entry], str], None] = stop_all) -> None:
    """Follow what the program tells until the pipe ends, then stop and delete what is left."""
    entries: dict[int, Entry] = {}
    token, folder = "", None
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:  # killed in the middle of writing; the token finds what this line was about
            continue
        if told["what"] == "begin":
            token, folder = told["token"], told["folder"]
        elif told["what"] == "add":
            entry = Entry(**told["entry"])
            entries[entry.pid] = entry
        elif told["what"] == "remove":
            entries.pop(told["pid"], None)
    if token:
        stop(entries.values(), token)
    if folder is not None:
        remove_folder(Path(folder))


def main() -> None:
    """Run as the reaper process, deaf to every signal by which a terminal or a person would end it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    watch(sys.stdin)


if __name__ == "__main__":
    main()
