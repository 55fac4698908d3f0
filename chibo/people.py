"""Who is who in meetings: they know members by opaque ids, people by codes and names, which membership has."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

import typer

from chibo.client import Client, ProblemAnswer, read_all
from chibo.console import Refused, line

RegisterUrl = Annotated[
    str,
    typer.Option(
        "--membership-url", envvar="CHIBO_MEMBERSHIP_URL", help="Địa chỉ dịch vụ membership, nơi có họ tên."
    ),
]
_BETWEEN: Final = " · "


@dataclass(frozen=True, slots=True, repr=False)  # it holds a name
class Person:
    """A member as people know them."""

    id: str
    code: str
    name: str = ""

    @property
    def label(self) -> str:
        """Code and name; the code alone where the name is not known."""
        return f"{self.code}{_BETWEEN}{self.name}" if self.name else self.code


@dataclass(slots=True)
class People:
    """Members by their ids, as far as they are known, and the register in which others are looked up."""

    register: Client
    actor: str
    known: dict[str, Person] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)

    def add(self, found: Iterable[Person]) -> None:
        """Know these as well."""
        for one in found:
            self.known[one.id] = one
            self._codes[one.code] = one.id

    def of(self, id_: str) -> Person:
        """Return who has an id; one who is not known goes by it."""
        return self.known.get(id_) or Person(id_, id_)

    def label(self, id_: str | None) -> str:
        """Return how who has an id is called; nobody is a guest."""
        return self.of(id_).label if id_ else "Khách"

    def id_of(self, text: str) -> str:
        """Return the id of somebody called by code, by code and name as `label` gives it, or by id.

        Raises ProblemAnswer where the register knows no such code, Refused where it is away.
        """
        code = text.split(_BETWEEN, 1)[0].strip()
        try:
            return str(UUID(code))
        except ValueError:
            pass
        if code not in self._codes:
            self.add([self._looked_up(code)])
        return self._codes[code]

    def _looked_up(self, code: str) -> Person:
        found = self.register.get(
            f"/v1/members/{quote(code, safe='')}", headers={"X-Chibo-Actor": self.actor}
        )
        return Person(found["id"], code, found["full_name"])


def people_of(register: Client, *, cell: str, on: date, ids: Collection[str], actor: str) -> People:
    """Return who is meant by these ids, of a cell on a day: its members, and those who stay there for a time.

    Where the register is away its absence is told, and everybody goes by their id: a meeting does not wait for it.
    """
    people = People(register, actor)
    asked = {"actor": actor, "as_of": on.isoformat()}
    try:
        listed = read_all(register, f"/v1/organisations/{quote(cell, safe='')}/members", **asked)
        people.add(Person(one["id"], one["code"], one["full_name"]) for one in listed["items"])
        if set(ids) - people.known.keys():
            staying = read_all(register, "/v1/lists/temporary-stays", unit=cell, **asked)
            for one in staying["items"]:
                people.id_of(one["code"])
    except ProblemAnswer as problem:
        line(f"Không lấy được họ tên từ sổ đảng viên, nên ghi mã số thay thế. {problem}")
    except Refused as away:
        line(f"Không có sổ đảng viên, nên ghi mã số thay họ tên. {away}")
    return people


def ids_of(people: People, texts: Iterable[str]) -> list[str]:
    """Return the ids of people called as `People.id_of` takes them. Raises as it does."""
    return [people.id_of(text) for text in texts]


def in_order(people: People, ids: Iterable[str]) -> list[Person]:
    """Return who has these ids, in the order of the register's lists; those who are not known come last."""
    wanted = set(ids)
    unknown = sorted(wanted - people.known.keys())
    return [one for one in people.known.values() if one.id in wanted] + [people.of(id_) for id_ in unknown]
