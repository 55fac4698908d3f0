"""Plans, an epidemic order and months missed on the command line; the job that finds them as a process of its own."""

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from tests.waiting import until


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    """A stack of its own: from when on months are watched is said once for all cells of a service."""
    with Stack.start() as stack:
        yield stack


@pytest.fixture(scope="module")
def services(own: Stack) -> dict[str, ServiceProcess]:
    running = {name: own.run_service(name) for name in ("membership", "meetings")}
    for service in running.values():
        service.wait_ready()
    return running


@pytest.fixture(scope="module")
def membership(services: dict[str, ServiceProcess]) -> Client:
    return Client(services["membership"].url)


@pytest.fixture(scope="module")
def meetings(services: dict[str, ServiceProcess]) -> Client:
    return Client(services["meetings"].url)


@pytest.fixture
def run(services: dict[str, ServiceProcess]):
    def run(*words: str, exit_code: int = 0) -> str:
        done = CliRunner().invoke(
            app,
            ["meetings", *words, "--url", services["meetings"].url],
            env={"COLUMNS": "240"},
            catch_exceptions=False,
        )
        assert done.exit_code == exit_code, done.output
        return " ".join(done.output.replace("│", " ").split())

    return run


@pytest.fixture
def bloc(membership: Client, meetings: Client) -> str:
    """A bloc with two cells, `K.1` and `K.2`, that meetings knows of."""
    bloc = "K"
    for code, above, type_ in (
        (bloc, None, "bloc"), (f"{bloc}.1", bloc, "grassroots_cell"), (f"{bloc}.2", bloc, "grassroots_cell"),
    ):  # fmt: skip
        unit = {"code": code, "parent_code": above, "type": type_, "name": f"Chi bộ {code}"}
        membership.send("/v1/organisations", unit | {"established_on": "2020-01-01"})
    wait_until_seen(membership, meetings)
    return bloc


def missed(meetings: Client) -> list[str]:
    """The months that the stream of meetings tells as missed."""
    found, after = [], 0
    while page := meetings.get("/v1/stream/events", after=str(after))["events"]:
        after = int(page[-1]["sequence"])
        found += [one["data"]["month"] for one in page if one["type"].endswith(".month-missed.v1")]
    return sorted(found)


def test_an_epidemic_order_puts_off_a_month_and_the_months_missed_are_found(run, bloc, meetings, own):
    cell = f"{bloc}.1"
    shown = run(
        "calendar", cell, "--day", "3", "--at", "14:30", "--place", "Phòng họp", "--from", "2020-01-01"
    )
    assert "Từ 01/01/2020: ngày 3 hằng tháng, 14:30, Phòng họp" in shown
    planned = run("plan", "--unit", bloc, "--from", "2020-02", "--to", "04/2020")
    assert "Đã lập kế hoạch 3 cuộc họp" in planned
    assert f"Chưa có lịch cố định trong một số tháng: {bloc}.2" in planned
    order = json.loads(
        run(
            "interrupt", bloc, "--from", "2020-04-01", "--until", "2020-04-22",
            "--document", "16/CT-TTg", "--document-date", "2020-03-31", "--json",
        )
    )  # fmt: skip
    assert order["postponed"] == 1
    assert "22/04/2020" in run("interruptions")
    shown = run("months", "--unit", bloc, "--from", "2020-02", "--to", "2020-04")
    assert f"{cell} ✗ ✗ H 3 0 2" in shown
    assert f"{bloc}.2 ✗ ✗ T 3 0 2" in shown
    assert "chibo meetings watch" in shown
    assert "Theo dõi sinh hoạt định kỳ từ tháng 02/2020" in run("watch", "--from", "2020-02")
    assert "30/04/2020" in run("interruption", order["id"], "--until", "2020-04-30")
    assert "đã rút" in run("interruption", order["id"], "--withdraw")
    assert "đã được rút" in run("interruption", order["id"], "--until", "2020-05-30", exit_code=1)

    # The service's own process looks once a minute; one that does jobs only has its first turn at once.
    own.run_service("meetings", "jobs")
    told = until(lambda: missed(meetings), "months to be told as missed")
    found = meetings.get("/v1/months", unit=bloc, **{"from": "2020-02", "to": "2021-12"})
    assert found["totals"]["due"] == found["totals"]["missed"] == 46
    assert [month for month in told if month < "2022"] == sorted(
        one["month"] + "-01" for item in found["items"] for one in item["months"]
    )
