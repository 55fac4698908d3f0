"""`python -m bench [NAME ...] [--short]`: measure, and print a row for each figure beside its baseline."""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bench import commands, delay, imports, machine, memory, plan, province, questions, replay, statistics
from bench.figures import Figure, header, row
from bench.scale import growth, members
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
    "members": members.measure,
    "scale": growth.measure,
}
_SCALE: Final = ("members", "cells", "years")
_MOST_YEARS: Final = 100


def main() -> None:
    """Run the measurements that were named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of: {', '.join(MEASUREMENTS)}; default: all"
    )
    parser.add_argument("--short", action="store_true", help="everything small, only to see that it runs")
    of_scale = parser.add_argument_group("the province of `scale`; all of it: 60000, 4000 and 10")
    for name in _SCALE:
        of_scale.add_argument(f"--{name}", type=_count, metavar="N")
    asked = parser.parse_args()
    if unknown := set(asked.names) - MEASUREMENTS.keys():
        parser.error(
            f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}"
        )
    if (asked.years or 0) > _MOST_YEARS:
        parser.error(f"--years: at most {_MOST_YEARS}")
    # A topic just made has no leader yet: aiokafka says so, tries again, and that is all.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        size = SHORT if asked.short else FULL
        given = {name: value for name in _SCALE if (value := getattr(asked, name)) is not None}
        size = replace(size, scale=replace(size.scale, **given))
        _measure(asked.names or list(MEASUREMENTS), size, short=asked.short)
    except StackError as error:
        sys.exit(str(error))


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"not a number from 1: {text!r}")
    return int(text)


def _measure(names: list[str], size: Size, *, short: bool) -> None:
    print(machine.description(), end="\n\n")
    print(header(), flush=True)
    systems = Systems(share=short)
    try:
        for name in names:
            began = time.monotonic()
            for figure in MEASUREMENTS[name](systems, size):
                print(row(figure), flush=True)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    finally:
        systems.close()


if __name__ == "__main__":
    main()
