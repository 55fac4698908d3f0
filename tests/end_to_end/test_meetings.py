"""Past meetings as an office brings them: a file on the command line, then figures of any unit."""

import json
import subprocess
from collections.abc import Iterator

import pytest

from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import Stack
from tests.example_bloc import CHIBO, EXAMPLE, ROOT
from tests.integration.test_meetings_figures import MONTHS, plain
from tests.unit.test_example_bloc import read


@pytest.fixture(scope="module")
def urls() -> Iterator[dict[str, str]]:
    """Services of their own, with the units of the example."""
    with Stack.start() as stack:
        running = {name: stack.run_service(name) for name in ("membership", "meetings")}
        for service in running.values():
            service.wait_ready()
        membership, meetings = (Client(service.url) for service in running.values())
        body = (EXAMPLE / "organisations.csv").read_bytes()
        membership.post("/v1/imports/organisations", content=body, headers={"Content-Type": "text/csv"})
        wait_until_seen(membership, meetings)
        yield {name: service.url for name, service in running.items()}


def chibo(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [*CHIBO, "meetings", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    return result


def test_a_file_then_its_figures(urls: dict[str, str]) -> None:
    file = str(EXAMPLE / "meetings.csv")
    rows = read("meetings.csv")
    dry = json.loads(
        chibo("import", file, "--dry-run", "--url", urls["meetings"], "--json").stdout
    )  # fmt: skip
    assert (dry["rows"], dry["imported"], dry["refused"]) == (len(rows), len(rows), 0)
    done = json.loads(chibo("import", file, "--url", urls["meetings"], "--json").stdout)
    assert (done["imported"], done["events"]) == (len(rows), 2 * len(rows))
    again = chibo("import", file, "--url", urls["meetings"])
    assert f"{len(rows)} không đổi" in again.stdout
    asked = ("figures", "--from", "2019-12", "--to", "11/2020", "--url", urls["meetings"])
    answer = json.loads(chibo(*asked, "--json").stdout)
    expected = plain(rows, read("organisations.csv"), MONTHS[-12:])
    assert {name: answer[name] for name in expected} == expected
    table = chibo(*asked, "--unit", "K").stdout
    for text in (
        "từ tháng 12/2019 đến tháng 11/2020",
        "Số kỳ phải họp định kỳ",
        "Nhiệm vụ hoàn thành đúng hạn",
    ):
        assert text in table


def test_a_bad_row_is_shown_with_how_to_mend_it(urls: dict[str, str], tmp_path) -> None:
    lines = (EXAMPLE / "meetings.csv").read_text(encoding="utf-8").splitlines()[:3]
    bad = tmp_path / "họp.csv"
    bad.write_text("\n".join([*lines, lines[1].replace("K.01.01", "K.99.99")]), encoding="utf-8")
    result = chibo("import", str(bad), "--url", urls["meetings"], status=1)
    assert "K.99.99" in result.stderr
    assert result.stdout == ""


def test_a_month_that_is_none(urls: dict[str, str]) -> None:
    assert "2020-13" in chibo("figures", "--from", "2020-13", "--url", urls["meetings"], status=2).stderr
