"""Kafka's jars are taken only as listed."""

import hashlib
from pathlib import Path

import pytest
import requests
from jgo.maven import MavenContext

from deploy.local import jars
from deploy.local.errors import StackError

GOOD = b"a jar"
JAR = jars.Jar("org.example:thing:1.0", hashlib.sha256(GOOD).hexdigest())


def listing(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make this the list, and an empty folder the Maven cache."""
    file = tmp_path / "list"
    file.write_text(text)
    monkeypatch.setattr(jars, "LIST", file)
    cache = tmp_path / "cache"
    monkeypatch.setenv("M2_REPO", str(cache))
    return cache


class Index:
    """Stands for jgo's download: gives what it is told to, in the place that the context says."""

    def __init__(self, gives: bytes | Exception) -> None:
        self.gives = gives
        self.asked = 0

    def download(self, artifact: object) -> Path:
        self.asked += 1
        if isinstance(self.gives, Exception):
            raise self.gives
        path: Path = artifact.cached_path  # type: ignore[attr-defined]
        path.parent.mkdir(parents=True)
        path.write_bytes(self.gives)
        return path


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    index = Index(GOOD)
    real = jars._context

    def context(staging: Path, repositories: dict[str, str]) -> MavenContext:
        made = real(staging, repositories)
        made.resolver = index  # type: ignore[assignment]
        return made

    monkeypatch.setattr(jars, "_context", context)
    return index


def test_the_list_is_kafka_and_all_it_needs() -> None:
    listed = jars.parse(jars.LIST.read_text())
    assert len(listed) == 46
    assert listed[0].coordinate == "org.apache.kafka:kafka_2.13:4.3.1"


def test_a_jar_lies_where_maven_puts_it() -> None:
    assert JAR.path == Path("org/example/thing/1.0/thing-1.0.jar")


@pytest.mark.parametrize(
    "line",
    [
        "org.example:thing:1.0",
        "abc  org.example:thing:1.0",
        f"{'0' * 64} org.example:thing:1.0",
        f"{'0' * 64}  thing",
    ],
)
def test_a_line_of_another_shape_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        jars.parse(f"# comment\n{line}\n")


def test_a_coordinate_listed_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        jars.parse(f"{'0' * 64}  a:b:1\n{'1' * 64}  a:b:1\n")


def test_a_missing_jar_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index) -> None:
    cache = listing(f"{JAR.sha256}  {JAR.coordinate}\n", tmp_path, monkeypatch)
    told: list[str] = []
    assert jars.classpath(told.append) == [cache / JAR.path]
    assert jars.classpath(told.append) == [cache / JAR.path]
    assert (cache / JAR.path).read_bytes() == GOOD
    assert index.asked == len(told) == 1
    assert [path for path in cache.iterdir() if path.name.startswith(".")] == []


def test_a_broken_cached_jar_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index
) -> None:
    cache = listing(f"{JAR.sha256}  {JAR.coordinate}\n", tmp_path, monkeypatch)
    (cache / JAR.path).parent.mkdir(parents=True)
    (cache / JAR.path).write_bytes(GOOD[:3])
    jars.classpath(lambda _: None)
    assert (cache / JAR.path).read_bytes() == GOOD


def test_another_jar_than_listed_never_reaches_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index
) -> None:
    cache = listing(f"{JAR.sha256}  {JAR.coordinate}\n", tmp_path, monkeypatch)
    index.gives = b"another jar"
    with pytest.raises(StackError, match=r"SHA-256 mismatch of org\.example:thing:1\.0"):
        jars.classpath(lambda _: None)
    assert not (cache / JAR.path).exists()


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (requests.ConnectionError("no route"), "index not reachable"),
        (requests.Timeout("slow"), "index not reachable"),
        (RuntimeError("not found in remote repositories"), "org.example:thing:1.0 not found in the index"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (PermissionError(13, "Permission denied"), "M2_REPO"),
    ],
)
def test_a_failure_says_what_to_do(
    failure: Exception, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index
) -> None:
    listing(f"{JAR.sha256}  {JAR.coordinate}\n", tmp_path, monkeypatch)
    index.gives = failure
    with pytest.raises(StackError, match=says):
        jars.classpath(lambda _: None)


def test_nothing_is_fetched_once_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: Index
) -> None:
    listing(f"{JAR.sha256}  {JAR.coordinate}\n", tmp_path, monkeypatch)
    with pytest.raises(StackError, match="being stopped"):
        jars.classpath(lambda _: None, cancelled=lambda: True)
    assert index.asked == 0
