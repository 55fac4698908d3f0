"""Kafka's jars: the checked-in list, and fetching what the local Maven cache lacks, against its SHA-256.

jgo would also resolve the dependency graph, but that walks hundreds of POM files at each start and can only
confirm what the list says; so each listed artifact is taken directly.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests
from jgo.config import GlobalSettings
from jgo.maven import MavenContext

from deploy.local.errors import StackError, no_space, stopping

LIST = Path(__file__).with_name("kafka-jars.sha256")

_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64})  (?P<coordinate>[\w.-]+:[\w.-]+:[\w.-]+)")
_CONNECTIONS = 8


@dataclass(frozen=True)
class Jar:
    """One artifact: its Maven coordinate `group:artifact:version` and the SHA-256 of its jar, in hex."""

    coordinate: str
    sha256: str

    @property
    def path(self) -> Path:
        """Its place relative to the root of a Maven repository."""
        group, artifact, version = self.coordinate.split(":")
        return Path(*group.split("."), artifact, version, f"{artifact}-{version}.jar")


def parse(text: str) -> list[Jar]:
    """Read a jar list: `<sha256>  <group>:<artifact>:<version>` a line, and `#` comments.

    Raises:
        ValueError: a line has another shape, or a coordinate occurs twice.
    """
    jars: list[Jar] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number} is not '<sha256>  group:artifact:version': {line!r}")
        jars.append(Jar(match["coordinate"], match["sha256"]))
    if len({jar.coordinate for jar in jars}) != len(jars):
        raise ValueError("a coordinate occurs twice")
    return jars


def classpath(
    progress: Callable[[str], None],
    *,
    cancelled: Callable[[], bool] = lambda: False,
    listed: Path | None = None,
) -> list[Path]:
    """Return the verified jars of a list, in its order, downloading into the Maven cache those not there.

    By default the list is the broker's.

    The cache is `$M2_REPO`, else what jgo is configured with, else `~/.m2/repository`. A cached file with
    another hash (a download broken off, for one) is replaced. Once `cancelled()`, no further download begins.

    Raises:
        StackError: no index is reachable, a download has another SHA-256 than listed, the cache cannot be
            written, or it was cancelled.
    """
    jars = parse((listed or LIST).read_text(encoding="utf-8"))
    settings = GlobalSettings.load()
    cache = Path(os.environ.get("M2_REPO") or settings.repo_cache)
    missing = [jar for jar in jars if not _is_good(cache / jar.path, jar)]
    if missing:
        progress(f"Đang tải Apache Kafka: {len(missing)} tệp (chỉ lần đầu)")
        _fetch_all(missing, cache, dict(settings.repositories), cancelled)
    return [cache / jar.path for jar in jars]


def _is_good(path: Path, jar: Jar) -> bool:
    return path.is_file() and _sha256(path) == jar.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch_all(
    jars: list[Jar], cache: Path, repositories: dict[str, str], cancelled: Callable[[], bool]
) -> None:
    def one(jar: Jar) -> None:
        if cancelled():
            raise stopping()
        fetch(jar, context, cache)

    try:
        cache.mkdir(parents=True, exist_ok=True)
        # jgo writes straight to the final name; going through a folder of our own keeps half a file out of
        # the cache.
        with tempfile.TemporaryDirectory(prefix=".chibo-", dir=cache) as staging:
            context = _context(Path(staging), repositories)
            with ThreadPoolExecutor(_CONNECTIONS) as pool:
                for done in [pool.submit(one, jar) for jar in jars]:
                    done.result()
    except requests.RequestException as error:
        raise StackError(
            "Không kết nối được kho thư viện Java để tải Apache Kafka. Hãy kiểm tra mạng rồi chạy lại, "
            "hoặc đặt CHIBO_KAFKA để dùng máy chủ Kafka có sẵn.",
            f"index not reachable: {type(error).__name__}",
        ) from error
    except OSError as error:
        if error.errno == 28:
            raise no_space(cache, error) from error
        raise StackError(
            f"Không ghi được vào thư mục {cache}. Hãy đặt M2_REPO trỏ tới một thư mục ghi được.", str(error)
        ) from error


def _context(staging: Path, repositories: dict[str, str]) -> MavenContext:
    context = MavenContext(repo_cache=staging, timeout=30)
    # A mirror that the user configured for jgo goes before the public index.
    context.remote_repos = {**repositories, **context.remote_repos}
    return context


def fetch(jar: Jar, context: MavenContext, cache: Path) -> None:
    """Download one jar and move it into the cache once its SHA-256 is the listed one.

    Raises:
        StackError: the index does not have it, or gave something with another SHA-256.
        requests.RequestException: the index is not reachable.
    """
    group, artifact, version = jar.coordinate.split(":")
    try:
        path = context.resolver.download(context.project(group, artifact).at_version(version).artifact())
    except RuntimeError as error:  # jgo's way to say that no index has it
        raise StackError(
            "Kho thư viện Java không có một tệp cần cho Apache Kafka.",
            f"{jar.coordinate} not found in the index",
        ) from error
    found = _sha256(path) if path else "nothing"
    if path is None or found != jar.sha256:
        raise StackError(
            "Tệp tải về không đúng bản đã kiểm định nên không được dùng. Hãy báo cho người quản trị mạng.",
            f"SHA-256 mismatch of {jar.coordinate}: listed {jar.sha256}, downloaded {found}",
        )
    target = cache / jar.path
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
