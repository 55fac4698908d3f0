"""`chibo demo` as a person runs it: a process, two files, figures on standard output."""

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from chibo.demo import EXAMPLE_DAY
from chibo.words import number
from tests import plain_count
from tests.example_bloc import CHIBO, FIGURES, ROOT
from tests.integration.test_meetings_figures import MONTHS
from tests.integration.test_meetings_figures import plain as how_cells_met
from tests.unit.test_example_bloc import read, unit_counts
from tests.waiting import until

GRADES = {"good": 4, "fair": 3, "average": 2, "poor": 1}
EXAMPLES = 8 if os.environ.get("CHIBO_FAULTS") == "long" else 2


def demo(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CHIBO, "demo", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def throw_away_folders(pid: int) -> list[Path]:
    return list((ROOT / ".chibo").glob(f"run-{pid}-*"))


def test_the_example_gives_the_stated_figures_and_leaves_nothing() -> None:
    process = subprocess.Popen(
        [*CHIBO, "demo", "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until(lambda: throw_away_folders(process.pid), "the demo's folder")
    out, told = process.communicate(timeout=180)
    assert process.returncode == 0, told
    figures = json.loads(out)
    assert figures == FIGURES
    assert list(figures) == ["as_of", "organisations", "members"]
    assert throw_away_folders(process.pid) == []


def test_the_example_as_a_table_in_vietnamese() -> None:
    result = demo("--by", "standing")
    assert result.returncode == 0, result.stderr
    for text in ("30/11/2020", "Đảng viên", "2.712", "1.056", "Chi bộ trực thuộc", "206", "Chính thức"):
        assert text in result.stdout
    held = how_cells_met(read("meetings.csv"), read("organisations.csv"), MONTHS[-12:])
    of_year = [held["months"][name] for name in ("due", "held", "postponed", "missed")]
    for count in (*of_year, held["held"]["thematic"], held["opinions"]):
        assert number(count) in result.stdout
    assert f"{held['attendance']['percent']:.1f} %".replace(".", ",") in result.stdout
    assert "từ tháng 12/2019 đến tháng 11/2020" in result.stdout
    visits, found = read("visits.csv"), read("findings.csv")
    cells = {row["code"] for row in read("organisations.csv") if unit_counts(row, EXAMPLE_DAY)}
    visited = cells.intersection(row["cell_code"] for row in visits)
    seen = Counter((row["cell_code"], row["limitation"]) for row in found if row["limitation"])
    mean = sum(GRADES[row["grade_chairing"]] for row in visits) / len(visits)
    for figure in (
        f" {len(visited)}/242 ", f" {len(visits)} ", f" {mean:.2f} ".replace(".", ","), f" {len(found)} ",
        f" {sum(bool(row['closed_on']) for row in found)} ", f" {sum(seen.values()) - len(seen)} ",
    ):  # fmt: skip
        assert figure in result.stdout


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a try takes seconds: the other property test shrinks
)  # fmt: skip
@given(bloc=plain_count.blocs("K", most_units=25, most_members=60), day=plain_count.days)
def test_any_valid_files_and_day(
    tmp_path_factory: pytest.TempPathFactory, bloc: plain_count.Bloc, day: date
) -> None:
    organisations, members = bloc.write(tmp_path_factory.mktemp("bloc"))
    result = demo(
        "--organisations", organisations, "--members", members, "--as-of", day.isoformat(), "--json"
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == plain_count.count(bloc.units, bloc.members, day)


def refused(arguments: Sequence[str | Path], *, expected: str) -> None:
    result = demo(*arguments)
    assert result.returncode != 0
    assert result.stdout == ""
    assert expected in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there() -> None:
    refused(["--organisations", "không-có.csv", "--members", "không-có.csv"], expected="không-có.csv")


def test_a_date_that_is_none() -> None:
    refused(["--as-of", "2020-02-31"], expected="2020-02-31")


def test_one_file_without_the_other() -> None:
    refused(["--members", "x.csv"], expected="--organisations")


def test_ctrl_c_in_the_middle_leaves_nothing_behind() -> None:
    process = subprocess.Popen(
        [*CHIBO, "demo"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for text in process.stderr:
        if "Các dịch vụ đã sẵn sàng" in text:
            break
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    assert throw_away_folders(process.pid)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    # For a shell both are 130: Python ends by the signal where it fell into code that was being compiled.
    assert process.returncode in (130, -signal.SIGINT)
    assert out == ""
    _, alive = psutil.wait_procs(started, timeout=30)
    assert alive == []
    assert throw_away_folders(process.pid) == []
