"""What Prometheus and Grafana are given: alerts that fire when they should, and a dashboard that fits together.

That each query finds its figures in the real services is seen in tests/end_to_end/test_operations.py.
"""

import json
import re
import subprocess
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from services.inspection.app import SERVICE as INSPECTION
from services.meetings.app import SERVICE as MEETINGS
from services.membership.app import SERVICE as MEMBERSHIP
from services.reporting.app import SERVICE as REPORTING
from tests.prometheus import Prometheus, PrometheusMissingError

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
SHOWN = ROOT / "deploy/prometheus/alerts.test.yml"
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((ROOT / "deploy/grafana/overview.json").read_text())
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
COLUMNS = 24


def promtool(prometheus: Prometheus, *arguments: str) -> None:
    done = subprocess.run(
        [prometheus.promtool, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_its_configuration_and_the_alerts(prometheus: Prometheus) -> None:
    promtool(prometheus, "check", "config", "deploy/prometheus/prometheus.yml")


def test_alerts_fire_when_they_should_and_not_before(prometheus: Prometheus) -> None:
    promtool(prometheus, "test", "rules", str(SHOWN))


def test_each_alert_is_shown_firing_and_is_explained_to_operators() -> None:
    names = [rule["alert"] for rule in RULES]
    shown = SHOWN.read_text()
    explained = (ROOT / "docs/operations.md").read_text()
    for name in names:
        assert f'alertname="{name}"' in shown, name
        assert f"### {name}\n" in explained, name
    assert len(set(names)) == len(names)
    assert set(re.findall(r"^### (Chibo\w+)$", explained, re.MULTILINE)) == set(names)


def test_the_alert_on_leaders_knows_the_services_that_publish() -> None:
    [rule] = [rule for rule in RULES if rule["alert"] == "ChiboNoRelayLeader"]
    publishing = [
        service.name for service in (INSPECTION, MEETINGS, MEMBERSHIP, REPORTING) if service.publications
    ]
    assert f'service=~"{"|".join(sorted(publishing))}"' in rule["expr"]


def test_panels_ask_the_provisioned_source_and_lie_beside_one_another() -> None:
    [source] = yaml.safe_load((ROOT / "deploy/grafana/datasources.yml").read_text())["datasources"]
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= COLUMNS
        if panel["type"] == "row":
            continue
        assert panel["title"]
        assert panel["targets"], panel["title"]
        asked = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        assert {(one["uid"], one["type"]) for one in asked} == {(source["uid"], source["type"])}
    for one, other in combinations((panel["gridPos"] for panel in panels), 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]


def test_grafana_finds_prometheus_and_the_dashboard_where_compose_puts_them() -> None:
    mounted = dict(volume.split(":")[:2] for volume in COMPOSE["services"]["grafana"]["volumes"])
    sources = "/etc/grafana/provisioning/datasources/"
    [source] = yaml.safe_load((ROOT / "deploy/grafana/datasources.yml").read_text())["datasources"]
    assert mounted["./deploy/grafana/datasources.yml"].startswith(sources)
    assert source["url"] == "http://prometheus:9090"
    [provider] = yaml.safe_load((ROOT / "deploy/grafana/dashboards.yml").read_text())["providers"]
    assert mounted["./deploy/grafana/dashboards.yml"].startswith("/etc/grafana/provisioning/dashboards/")
    dashboard = mounted["./deploy/grafana/overview.json"]
    assert Path(dashboard).parent == Path(provider["options"]["path"])
    home = COMPOSE["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == dashboard


def test_rates_are_asked_over_what_prometheus_scrapes() -> None:
    scraped = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())["global"]
    [source] = yaml.safe_load((ROOT / "deploy/grafana/datasources.yml").read_text())["datasources"]
    assert source["jsonData"]["timeInterval"] == scraped["scrape_interval"]


def test_without_prometheus_and_apt_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PrometheusMissingError, match="đưa `prometheus` và `promtool` vào PATH") as missing:
        Prometheus.find(str(tmp_path), tmp_path / "tools")
    assert "put `prometheus` and `promtool`" in str(missing.value)
