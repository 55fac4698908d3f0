"""The walls between the packages hold, and each falls loudly: a violation is planted in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
WALLS = [contract["name"] for contract in CONFIG["contracts"]]

NOTHING_OF_OURS = "contracts import nothing of ours"
NO_TRANSPORT = "contracts know no Kafka, SQL or HTTP"
NO_PARTY_WORK = "the chassis knows no party work"
NO_SERVICE = "replicas know no service"
RULES = "rules know nothing of ours"
APART = "services never import one another"
NOT_DEPLOYED = "services do not know how they are deployed or commanded"
PURE = "a service's domain is pure: no I/O, no framework, no clock, no chance"

PLANTS = [
    (NOTHING_OF_OURS, "contracts/planted.py", "from chassis import cloudevents", "chassis.cloudevents"),
    (NOTHING_OF_OURS, "contracts/membership.py", "import services.membership", "services.membership"),
    (NO_TRANSPORT, "contracts/event.py", "from aiokafka import AIOKafkaProducer", "aiokafka"),
    (NO_TRANSPORT, "contracts/topics.py", "import asyncpg", "asyncpg"),
    (NO_PARTY_WORK, "chassis/planted.py", "from contracts.topics import TOPICS", "contracts.topics"),
    (NO_PARTY_WORK, "chassis/relay.py", "def f():\n    import services.reporting", "services.reporting"),
    (RULES, "rules/planted.py", "from contracts.topics import TOPICS", "contracts.topics"),
    (RULES, "rules/scores.py", "import services.meetings.api", "services.meetings.api"),
    (PURE, "rules/scores.py", "import asyncpg", "asyncpg"),
    (NO_SERVICE, "replicas/planted.py", "from services.meetings import domain", "services.meetings.domain"),
    (NO_SERVICE, "replicas/membership/tree.py", "import services.meetings.api", "services.meetings.api"),
    (NO_PARTY_WORK, "chassis/planted.py", "from replicas.membership import tree", "replicas.membership.tree"),
    (APART, "services/membership/planted.py", "from services.reporting import api", "services.reporting.api"),
    (APART, "services/reporting/app.py", "import services.membership.domain", "services.membership.domain"),
    (APART, "services/new_one/__init__.py", "import services.reporting.domain", "services.reporting.domain"),
    (NOT_DEPLOYED, "services/membership/planted.py", "from deploy.local import stack", "deploy.local.stack"),
    (NOT_DEPLOYED, "services/reporting/planted.py", "from chibo.client import Client", "chibo.client"),
    (PURE, "services/membership/domain.py", "import asyncpg", "asyncpg"),
    (PURE, "services/membership/domain.py", "from asyncio import sleep", "asyncio"),
    (PURE, "services/membership/domain.py", "from time import time", "time"),
    (PURE, "services/membership/domain.py", "from chassis.database import Pool", "chassis.database"),
    (PURE, "services/reporting/domain.py", "from fastapi import Query", "fastapi"),
    (PURE, "services/reporting/domain.py", "def f():\n    import httpx", "httpx"),
    (PURE, "services/reporting/domain.py", "from services.reporting import consumers", "aiokafka"),
    (PURE, "services/new_one/domain.py", "import faststream.kafka", "faststream"),
    (PURE, "services/new_one/domain/rules.py", "import aiokafka", "aiokafka"),
]


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache", "--no-logo", "--config", "pyproject.toml"],
        cwd=directory,
        env={**os.environ, "COLUMNS": "300", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def verdicts(output: str) -> dict[str, str]:
    return dict(re.findall(r"^(.+) (KEPT|BROKEN)$", output, re.MULTILINE))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The packages' modules as they are."""
    for package in CONFIG["root_packages"]:
        for module in (ROOT / package).rglob("*.py"):
            copy = tmp_path / module.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(module, copy)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_project_keeps_its_walls() -> None:
    ran = lint(ROOT)
    assert verdicts(ran.stdout) == dict.fromkeys(WALLS, "KEPT"), ran.stdout + ran.stderr
    assert ran.returncode == 0


def test_a_copy_without_a_violation_passes(project: Path) -> None:
    ran = lint(project)
    assert (ran.returncode, set(verdicts(ran.stdout).values())) == (0, {"KEPT"}), ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("wall", "file", "planted", "imported"), PLANTS, ids=lambda value: value.split("\n")[-1].strip()
)
def test_a_planted_violation_is_caught_and_named(
    project: Path, wall: str, file: str, planted: str, imported: str
) -> None:
    path = project / file
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    if file.startswith("services/new_one/"):
        (project / "services/new_one/__init__.py").touch()
    with path.open("a") as module:
        module.write(f"\n{planted}\n")
    ran = lint(project)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert verdicts(ran.stdout)[wall] == "BROKEN", ran.stdout
    importer = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    told = ran.stdout.split("Broken contracts")[1]
    assert re.search(rf"\b{re.escape(importer)} -> \S+ \(l\.\d+", told), told
    assert re.search(rf"-> {re.escape(imported)} \(l\.\d+", told), told


def test_every_wall_is_tried() -> None:
    assert {wall for wall, *_ in PLANTS} == set(WALLS)
