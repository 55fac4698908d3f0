"""The benchmarks run, every one of them; what they measure is nobody's business here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEASUREMENTS = (
    "imports",
    "province",
    "commands",
    "delay",
    "replay",
    "statistics",
    "figures",
    "memory",
    "plan",
    "members",
    "scale",
)


@pytest.fixture(scope="module")
def printed() -> str:
    result = subprocess.run(
        [sys.executable, "-m", "bench", "--short"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_machine_is_named_first(printed: str) -> None:
    assert re.match(r"\d+ cores, \d+ GiB, .*Python 3\.\d+", printed)


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_each_measurement_prints_a_row_with_a_figure(printed: str, name: str) -> None:
    rows = [line.split("|") for line in printed.splitlines() if line.startswith(f"| {name}: ")]
    assert rows
    for cells in rows:
        assert float(cells[2].replace(",", "")) > 0, cells


def test_an_unknown_name_is_refused() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bench", "speed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert "speed" in result.stderr
    assert "replay" in result.stderr
