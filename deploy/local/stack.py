"""The whole stack as one object: PostgreSQL, Kafka and services, started together and never left behind.

with Stack.start() as stack:
    service = stack.run_service("membership")
    service.wait_ready()
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import ports
from deploy.local.databases import Databases
from deploy.local.errors import StackError, no_space
from deploy.local.kafka import KafkaServer
from deploy.local.lock import FolderLock
from deploy.local.passwords import Passwords
from deploy.local.postgres import PostgresServer
from deploy.local.process import SERVICES, Child, Supervisor
from deploy.local.reaper import Reaper, remove_folder
from deploy.local.remembered import RememberedPorts
from deploy.local.service import ServiceProcess
from deploy.local.settings import SERVICE_PORTS

__all__ = ["SERVICE_PORTS", "ServiceProcess", "Stack", "StackError"]

DATABASE_VARIABLE = "CHIBO_DATABASE_URL"
KAFKA_VARIABLE = "CHIBO_KAFKA"

_CHECKOUT = Path(__file__).parents[2]
if not (_CHECKOUT / "pyproject.toml").exists():  # installed as a wheel
    _CHECKOUT = Path.cwd()
_THROW_AWAY_PREFIX = "run-"
_OFTEN = 5
_OFTEN_SECONDS = 60.0
"""Whatever ends by itself more often within these seconds is not started again."""
_LEAST_FREE_BYTES = 300 * 1024 * 1024  # fresh servers take about 100 MB


def _silent(_: str) -> None:
    """Report no progress."""


class Stack:
    """Running servers and services; made by `start`, ended by `stop` or the end of the `with` block.

    `postgres` and `kafka_server` are None where an external server is used instead. `folder` holds data and
    logs.
    """

    def __init__(
        self, folder: Path, *, throw_away: bool, lock: FolderLock, progress: Callable[[str], None]
    ) -> None:
        self.folder = folder
        self.postgres: PostgresServer | None = None
        self.kafka_server: KafkaServer | None = None
        self._lock = lock
        self._progress = progress
        self._throw_away = throw_away
        self._stopped = False
        token = secrets.token_hex(16)
        self._reaper = Reaper(token, throw_away=folder if throw_away else None, inherit=lock.descriptor)
        self._supervisor = Supervisor(token, self._reaper)
        self._passwords = Passwords(folder / "passwords.json")
        self._databases: Databases | None = None
        self._external_database = os.environ.get(DATABASE_VARIABLE, "")
        self._external_kafka = os.environ.get(KAFKA_VARIABLE, "")
        self._logs = folder / "logs"
        self._service_ports: set[int] = set()
        self._services: list[ServiceProcess] = []
        self._ends: dict[str, list[float]] = {}
        self._failures: dict[str, StackError] = {}

    @classmethod
    def start(cls, folder: Path | None = None, *, progress: Callable[[str], None] = _silent) -> Stack:
        """Start PostgreSQL and Kafka, each unless external, and wait until both take clients.

        With a folder, data is kept there and found again by a second start; without, it is thrown away at the
        end. `progress` is told in Vietnamese, one line at a time, possibly from another thread.

        Raises:
            StackError: it cannot start; everything begun has been stopped again.
        """
        try:
            place, lock = _throw_away_folder() if folder is None else _kept_folder(folder)
        except OSError as error:
            raise _folder_error(folder or _CHECKOUT, error) from error
        try:
            stack = cls(place, throw_away=folder is None, lock=lock, progress=progress)
        except BaseException:
            lock.release()
            if folder is None:
                remove_folder(place)
            raise
        try:
            stack._start_servers()
        except OSError as error:
            stack.stop()
            raise _folder_error(place, error) from error
        except BaseException:  # Ctrl-C included: nothing may be left running
            stack.stop()
            raise
        return stack

    @property
    def kafka(self) -> str:
        """Bootstrap address of the broker, `host:port`."""
        return self.kafka_server.bootstrap if self.kafka_server else self._external_kafka

    @property
    def admin_url(self) -> str:
        """URL of a database role that may create roles and databases."""
        return self.postgres.admin_url if self.postgres else self._external_database

    def database_url(self, service: str) -> str:
        """Return the URL of the service's own role and database `chibo_<service>`, made at the first call.

        Raises:
            ValueError: the name is not lower-case letters, digits and underscores.
            StackError: the server cannot be reached or does not allow it.
        """
        if self._databases is None:
            self._databases = Databases(self.admin_url, self._passwords, ours=self.postgres is not None)
        return self._databases.url(service)

    def run_service(
        self, name: str, role: str = "all", *, port: int | None = None, env: Mapping[str, str] | None = None
    ) -> ServiceProcess:
        """Start `python -m services.<name> <role>` on its own database; does not wait until ready.

        It listens on `port` (TCP), or a free one. `env` adds to, or replaces, what it is given.

        Raises:
            StackError: another program listens on the port that was asked for, or the database cannot be
                made.
        """
        chosen = ports.pick(taken=self._service_ports) if port is None else ports.require_free(port)
        self._service_ports.add(chosen)
        log = self._logs / f"{name}-{role}.log"
        environment = {
            **os.environ,
            DATABASE_VARIABLE: self.database_url(name),
            KAFKA_VARIABLE: self.kafka,
            "CHIBO_HOST": ports.LOOPBACK,
            "CHIBO_PORT": str(chosen),
            **(env or {}),
        }

        def spawn() -> Child:
            return self._supervisor.spawn(
                [sys.executable, "-m", f"services.{name}", role], log=log, env=environment, stage=SERVICES
            )

        started = ServiceProcess(name, role, port=chosen, log=log, supervisor=self._supervisor, spawn=spawn)
        self._services.append(started)
        return started

    def revive(self) -> None:
        """Start again, and say so, whatever has ended by itself; to be called every now and then.

        Raises:
            StackError: something ended again and again.
        """
        for name, server in (("PostgreSQL", self.postgres), ("Apache Kafka", self.kafka_server)):
            if server is not None and not server.alive():
                self._again(name, server.start)
        for service in self._services:
            if service.returncode is not None:
                self._again(service.name, service.restart)

    def _again(self, name: str, start: Callable[[], None]) -> None:
        now = time.monotonic()
        self._ends[name] = [at for at in self._ends.get(name, []) if now - at < _OFTEN_SECONDS] + [now]
        if len(self._ends[name]) > _OFTEN:
            raise self._failures.get(name) or StackError(
                f"{name} dừng ngoài ý muốn hết lần này đến lần khác. Nhật ký ở {self._logs}.",
                f"{name} ended again and again",
            )
        self._progress(f"{name} đã dừng ngoài ý muốn; đang khởi động lại")
        # What a server that was killed leaves behind may take a moment to go: it is tried again at the next call.
        try:
            start()
        except StackError as error:
            self._failures[name] = error

    def stop(self) -> None:
        """Stop services, then servers, and delete a throw-away folder; nothing happens the second time."""
        if self._stopped:
            return
        self._stopped = True
        self._supervisor.close()
        # Interrupted here, by a second Ctrl-C say, the reaper does the rest once this program has ended.
        self._reaper.finish()
        if self._throw_away:
            remove_folder(self.folder)  # in case somebody killed the reaper
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_servers(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < _LEAST_FREE_BYTES:
            raise no_space(self.folder, f"{free // 2**20} MB free, {_LEAST_FREE_BYTES // 2**20} MB needed")
        self._logs.mkdir(exist_ok=True)
        remembered = RememberedPorts(self.folder / "ports.json")
        starts: list[Callable[[], None]] = []
        if not self._external_kafka:
            self.kafka_server = KafkaServer(
                self.folder,
                port=remembered.pick("kafka"),
                controller_port=remembered.pick("kafka-controller"),
                supervisor=self._supervisor,
                progress=self._progress,
                throw_away=self._throw_away,
            )
            starts.append(self.kafka_server.start)
        if not self._external_database:
            self.postgres = PostgresServer(
                self.folder,
                port=remembered.pick("postgres"),
                passwords=self._passwords,
                supervisor=self._supervisor,
                throw_away=self._throw_away,
            )
            starts.append(self.postgres.start)
        if starts:
            self._progress(
                "Đang khởi động PostgreSQL và Apache Kafka" if len(starts) > 1 else "Đang khởi động máy chủ"
            )
            self._together(starts)

    def _together(self, starts: list[Callable[[], None]]) -> None:
        with ThreadPoolExecutor(len(starts)) as pool:
            futures: list[Future[None]] = [pool.submit(start) for start in starts]
            try:
                done, _ = wait(futures, return_when=FIRST_EXCEPTION)
                for future in done:
                    future.result()
            finally:
                # On an error or Ctrl-C the other thread must not go on waiting for its server.
                if not all(future.done() and future.exception() is None for future in futures):
                    self._supervisor.close()


def _throw_away_folder() -> tuple[Path, FolderLock]:
    root = _CHECKOUT / ".chibo"
    root.mkdir(exist_ok=True)
    with FolderLock.of(root / "throw-away.lock"):
        _sweep(root)
        # The number tells whose it is, to people who find several.
        folder = Path(tempfile.mkdtemp(prefix=f"{_THROW_AWAY_PREFIX}{os.getpid()}-", dir=root))
        return folder, FolderLock.acquire(folder)


def _sweep(root: Path) -> None:
    """Delete throw-away folders whose program and reaper are both gone, as after a power failure."""
    for folder in root.glob(f"{_THROW_AWAY_PREFIX}*"):
        if FolderLock.is_free(folder):
            remove_folder(folder)


def _kept_folder(folder: Path) -> tuple[Path, FolderLock]:
    place = folder.absolute()
    place.mkdir(parents=True, exist_ok=True)
    return place, FolderLock.acquire(place)


def _folder_error(folder: Path, error: OSError) -> StackError:
    if error.errno == errno.ENOSPC:
        return no_space(folder, error)
    return StackError(f"Không dùng được thư mục {folder}.", str(error))
