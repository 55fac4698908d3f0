"""One service of ours as a process of the stack."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Callable
from pathlib import Path

from deploy.local import ports
from deploy.local.process import Child, Supervisor

_PROBE_SECONDS = 5.0


class ServiceProcess:
    """A running `python -m services.<name> <role>`; `log` is the file that takes its output."""

    def __init__(
        self,
        name: str,
        role: str,
        *,
        port: int,
        log: Path,
        supervisor: Supervisor,
        spawn: Callable[[], Child],
    ) -> None:
        self.name = name
        self.role = role
        self.port = port
        self.log = log
        self._supervisor = supervisor
        self._spawn = spawn
        self._child = spawn()

    @property
    def url(self) -> str:
        """Where its HTTP API is, without a slash at the end."""
        return f"http://{ports.LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """Process id; another one after `restart`."""
        return self._child.pid

    @property
    def returncode(self) -> int | None:
        """Exit code, minus the signal's number if it was killed, None while it runs."""
        return None if self._child.alive() else self._child.returncode

    def wait_ready(self, timeout: float = 60.0) -> None:
        """Wait until `GET /health/ready` answers 200, at most `timeout` seconds.

        Raises:
            StackError: the process ended (at once, with the end of its log), or is not ready in time.
        """
        self._supervisor.wait(self._child, f"{self.name} {self.role}", self._is_ready, timeout)

    def kill(self) -> None:
        """Kill it with SIGKILL and wait: a crash."""
        self._child.kill()

    def stop(self) -> None:
        """Ask it to end with SIGTERM and wait."""
        self._child.stop()

    def restart(self) -> None:
        """Stop it if it runs and start it again, same port and environment; does not wait until ready."""
        self.stop()
        self._child = self._spawn()

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(ports.LOOPBACK, self.port, timeout=_PROBE_SECONDS)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        return False
