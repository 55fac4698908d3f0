"""Refusals of a service's domain, as problems that HTTP answers carry."""

from collections.abc import Collection

from chassis.faults import FaultsFound
from chassis.problems import Problem


def refused(found: FaultsFound, conflicts: Collection[str]) -> Problem:
    """Return the problem of a refused command: its type is the first fault's code, `errors` lists all.

    `conflicts` are the codes of what lies in what is recorded by now, not in what was asked: 409, else 422.
    """
    first = found.faults[0]
    return Problem(
        first.code,
        409 if first.code in conflicts else 422,
        title="Lệnh chưa thực hiện được",
        detail=" ".join(fault.message for fault in found.faults),
        errors=[fault.as_json() for fault in found.faults],
    )
