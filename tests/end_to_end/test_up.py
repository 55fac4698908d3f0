"""`chibo up` as a person runs it: data is there again after a stop; a port that is taken is said."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chibo import importing, stack
from chibo.client import Client
from chibo.reporting.statistics import published_form
from tests.example_bloc import CHIBO, EXAMPLE, FIGURES, ROOT

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


def test_data_is_there_again_after_a_stop(tmp_path: Path, offset: int) -> None:
    with running(tmp_path / "data", offset) as (membership, reporting):
        importing.import_file(membership, "organisations", EXAMPLE / "organisations.csv")
        importing.import_file(membership, "members", EXAMPLE / "members.csv")
        stack.wait_until_seen(membership, reporting)
    with running(tmp_path / "data", offset) as (membership, reporting):
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
