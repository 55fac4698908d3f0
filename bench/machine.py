"""What a run was measured on: without it no figure says anything."""

import os
import platform
from pathlib import Path
from typing import Final

import psutil

_CPUINFO: Final = Path("/proc/cpuinfo")


def description() -> str:
    """Return cores, memory, CPU and Python of this machine, and how busy it is already, on one line."""
    memory = psutil.virtual_memory().total / 2**30
    busy = os.getloadavg()[0]
    return (
        f"{_cores()} cores, {memory:.0f} GiB, {_cpu()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; load before the run {busy:.1f}"
    )


def _cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu() -> str:
    if _CPUINFO.exists():
        for line in _CPUINFO.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or "unknown CPU"
