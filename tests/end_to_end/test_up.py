"""`chibo up` as a person runs it: data is there again after a stop; a port that is taken is said."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from chibo import importing, stack
from chibo.client import Client
from chibo.console import Refused
from chibo.reporting.statistics import published_form
from tests.example_bloc import CHIBO, EXAMPLE, FIGURES, ROOT
from tests.waiting import until

DEFAULTS = (8101, 8102, 8103, 8104)


@pytest.fixture
def offset() -> int:
    for candidate in range(24_000, 32_000, 10):
        if all(is_free(default + candidate) for default in DEFAULTS):
            return candidate
    raise AssertionError("no free ports")


def is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def up(folder: Path, offset: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*CHIBO, "up", "--folder", str(folder), "--port-offset", str(offset)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def process_with(words: list[str]) -> psutil.Process | None:
    """Return the process below this one that was started with these words in a row."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            line = child.cmdline()
            if any(line[place : place + len(words)] == words for place in range(len(line))):
                return child
    return None


def answers(service: Client) -> bool:
    with suppress(Refused):
        return bool(service.get("/v1/progress"))
    return False


@contextmanager
def running(folder: Path, offset: int) -> Iterator[tuple[Client, Client]]:
    process = up(folder, offset)
    assert process.stdout is not None
    urls: dict[str, str] = {}
    for line in process.stdout:
        if found := re.match(r"(membership|meetings|inspection|reporting)\s+(http://\S+)", line):
            urls[found[1]] = found[2]
        if len(urls) == len(DEFAULTS):
            break
    try:
        yield Client(urls["membership"]), Client(urls["reporting"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 130


def test_data_is_there_again_after_a_stop_and_what_ended_is_started_again(
    tmp_path: Path, offset: int
) -> None:
    with running(tmp_path / "data", offset) as (membership, reporting):
        importing.import_file(membership, "organisations", EXAMPLE / "organisations.csv")
        importing.import_file(membership, "members", EXAMPLE / "members.csv")
        stack.wait_until_seen(membership, reporting)
    with running(tmp_path / "data", offset) as (membership, reporting):
        for ended in (["-m", "services.reporting"], ["-D", str(tmp_path / "data" / "postgres")]):
            before = process_with(ended)
            before.kill()
            before.wait()
            until(lambda: process_with(ended), f"{ended} to run again")  # noqa: B023
            until(lambda: answers(reporting), "an answer")
        answer = reporting.get("/v1/statistics", as_of=FIGURES["as_of"])
        assert published_form(answer) == FIGURES
        again = importing.import_file(membership, "members", EXAMPLE / "members.csv")
        assert again["events"] == 0


def test_a_port_that_is_taken_is_said(tmp_path: Path, offset: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", DEFAULTS[-1] + offset))
        taken.listen()
        process = up(tmp_path / "data", offset)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 1
    assert str(DEFAULTS[-1] + offset) in told
    assert "Traceback" not in told
