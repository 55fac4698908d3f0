"""A real Prometheus scrapes the real services, and finds figures for all that the dashboard and the alerts ask.

It runs the files of deploy/ as they are, with only the targets replaced.
"""

import copy
import json
import math
import re
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from chibo.stack import SERVICES
from deploy.local import ports
from deploy.local.stack import ServiceProcess
from tests.example_bloc import ROOT
from tests.prometheus import Prometheus
from tests.waiting import until

DEPLOY = ROOT / "deploy"
ALERTS = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
PANELS = json.loads((DEPLOY / "grafana/overview.json").read_text())["panels"]
QUERIES = {
    f"{panel['id']}{target['refId']}": (panel["title"], target["expr"])
    for panel in PANELS
    for target in panel.get("targets", [])
}
SHORTEST_RATE = "20s"
"""What Grafana makes of $__rate_interval at the least: four scrapes."""

Ask = Callable[[str], list[float]]


def replaced(config: Mapping[str, Any], services: Mapping[str, ServiceProcess]) -> dict[str, Any]:
    """The configuration with the targets of these services in place of the containers'."""
    config = copy.deepcopy(dict(config))
    for job in config["scrape_configs"]:
        for group in job["static_configs"]:
            group["targets"] = [f"{ports.LOOPBACK}:{services[group['labels']['service']].port}"]
    return config


@pytest.fixture(scope="module")
def api(
    services: dict[str, ServiceProcess], prometheus: Prometheus, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Prometheus' own API, while it scrapes."""
    folder = tmp_path_factory.mktemp("prometheus")
    config = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())
    (folder / "prometheus.yml").write_text(yaml.safe_dump(replaced(config, services)))
    for rules in config["rule_files"]:
        (folder / rules).symlink_to(DEPLOY / "prometheus" / rules)
    url = f"{ports.LOOPBACK}:{ports.pick()}"
    with (folder / "log").open("w") as log, subprocess.Popen(
        [
            prometheus.prometheus, f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address={url}",
        ],
        stdout=log, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            with httpx.Client(base_url=f"http://{url}/", timeout=10, trust_env=False) as client:
                until(lambda: ready(client, process, folder / "log"), "Prometheus")
                yield client
        finally:
            process.terminate()


def ready(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        return client.get("-/ready").is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def ask(api: httpx.Client, services: dict[str, ServiceProcess]) -> Ask:
    """Ask for the figures of a query, while somebody uses the services, which have a cell that owes its months."""
    bloc = f"V{uuid.uuid4().hex[:8]}"
    units = (
        "code,parent_code,type,name,established_on,dissolved_on\n"
        f"{bloc},,bloc,Đảng bộ Khối,1976-01-01,\n{bloc}.1,{bloc},grassroots_cell,Chi bộ Một,1990-01-01,\n"
    )
    headers = {"Content-Type": "text/csv"}
    membership = services["membership"].url
    httpx.post(
        f"{membership}/v1/imports/organisations", content=units.encode(), headers=headers, trust_env=False
    ).raise_for_status()

    def figures(query: str) -> list[float]:
        for name, service in services.items():
            path = "/v1/progress" if name == "reporting" else "/v1/stream"
            httpx.get(f"{service.url}{path}", trust_env=False).raise_for_status()
        answer = api.get("api/v1/query", params={"query": query.replace("$__rate_interval", SHORTEST_RATE)})
        assert answer.is_success, f"{query}\n{answer.text}"
        values = [float(one["value"][1]) for one in answer.json()["data"]["result"]]
        return [value for value in values if not math.isnan(value)]

    return figures


def test_only_the_targets_are_other_than_in_containers(services: dict[str, ServiceProcess]) -> None:
    config = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())
    here = replaced(config, services)
    assert here != config
    for job, its in zip(config["scrape_configs"], here["scrape_configs"], strict=True):
        for group, other in zip(job["static_configs"], its["static_configs"], strict=True):
            assert len(group["targets"]) == len(other["targets"]) == 1
            other["targets"] = group["targets"]
    assert here == config


@pytest.mark.parametrize(("title", "query"), QUERIES.values(), ids=QUERIES)
def test_each_panel_has_figures(ask: Ask, title: str, query: str) -> None:
    until(lambda: ask(query), f"figures of {title}: {query}", every=0.25)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda rule: rule["alert"])
def test_each_alert_measures_something(ask: Ask, alert: dict[str, Any]) -> None:
    parts = re.fullmatch(r"(?P<measured>.+) (?P<comparison>[<>]) (?P<threshold>[\d.]+)", alert["expr"])
    assert parts, "an alert is a measure and one comparison"
    until(lambda: ask(parts["measured"]), f"figures of {parts['measured']}", every=0.25)
    ask(alert["expr"])


def test_every_service_is_scraped_and_every_alert_watched(api: httpx.Client) -> None:
    targets = api.get("api/v1/targets").json()["data"]["activeTargets"]
    healths = {target["labels"]["service"]: target["health"] for target in targets}
    assert healths == dict.fromkeys(SERVICES, "up")

    def watched() -> bool:
        groups = api.get("api/v1/rules").json()["data"]["groups"]
        found = {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}
        assert found.keys() == {rule["alert"] for rule in ALERTS}
        assert "err" not in found.values(), groups
        return set(found.values()) == {"ok"}

    until(watched, "all alerts evaluated", every=0.25)


def test_what_is_asked_for_is_in_no_label(services: dict[str, ServiceProcess]) -> None:
    asked = f"DV-{uuid.uuid4().hex[:8]}"
    for path in (f"/v1/members/{asked}", f"/v1/members?q={asked}", f"/{asked}"):
        httpx.get(f"{services['membership'].url}{path}", params={"as_of": "2020-11-30"}, trust_env=False)
    told = httpx.get(f"{services['membership'].url}/metrics", trust_env=False).text
    assert 'route="unmatched"' in told
    assert asked not in told
