"""`python -m bench [NAME ...] [--short]`: measure, and print a row for each figure beside its baseline."""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bench import commands, delay, imports, machine, memory, plan, province, questions, replay, statistics
from bench.figures import Figure, header, row
from bench.sizes import FULL, SHORT, Size
from bench.system import Systems
from deploy.local.stack import StackError

MEASUREMENTS: Final[Mapping[str, Callable[[Systems, Size], Iterator[Figure]]]] = {
    "imports": imports.measure,
    "province": province.measure,
    "commands": commands.measure,
    "delay": delay.measure,
    "replay": replay.measure,
    "statistics": statistics.measure,
    "figures": questions.measure,
    "memory": memory.measure,
    "plan": plan.measure,
}


def main() -> None:
    """Run the measurements that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(MEASUREMENTS)}; default: all"
    )
    parser.add_argument("--short", action="store_true", help="everything small, only to see that it runs")
    asked = parser.parse_args()
    if unknown := set(asked.names) - MEASUREMENTS.keys():
        parser.error(
            f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}"
        )
    # A topic just made has no leader yet: aiokafka says so, tries again, and that is all.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        _measure(asked.names or list(MEASUREMENTS), short=asked.short)
    except StackError as error:
        sys.exit(str(error))


def _measure(names: list[str], *, short: bool) -> None:
    print(machine.description(), end="\n\n")
    print(header(), flush=True)
    systems = Systems(share=short)
    try:
        for name in names:
            began = time.monotonic()
            for figure in MEASUREMENTS[name](systems, SHORT if short else FULL):
                print(row(figure), flush=True)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    finally:
        systems.close()


if __name__ == "__main__":
    main()
