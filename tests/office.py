"""Somebody who works with the register over HTTP and enters whatever comes to their mind, mostly sensible."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any, Final

from httpx import AsyncClient, Response

from contracts.membership import DepartureReason
from contracts.positions import Position

FIRST, DAYS = date(2018, 1, 1), 1000
UNITS: Final = """code,parent_code,type,name,established_on,dissolved_on
K,,bloc,Đảng bộ Khối,1976-01-01,
A,K,grassroots_committee,Đảng bộ A,1980-01-01,
B,K,grassroots_committee,Đảng bộ B,1980-01-01,
P,A,divisional_committee,Đảng bộ bộ phận P,1980-01-01,
A1,A,subordinate_cell,Chi bộ A1,1980-01-01,
A2,A,subordinate_cell,Chi bộ A2,1980-01-01,
P1,P,subordinate_cell,Chi bộ P1,1980-01-01,
B1,B,subordinate_cell,Chi bộ B1,1980-01-01,
C,K,grassroots_cell,Chi bộ C,1980-01-01,
D,K,grassroots_cell,Chi bộ D,2018-06-01,
"""
CELLS: Final = ("A1", "A2", "P1", "B1", "C", "D")
MEMBERS_FILE: Final = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)
TRANSFERS_FILE: Final = (
    "member_code,kind,origin_code,destination_code,outside,requested_on,released_on,received_on\n"
)
WAYS: Final = {
    "admit": 6, "confirm": 6, "depart": 4, "correct": 4, "withdraw": 1, "reparent": 2, "transfer": 3, "profile": 2,
    "come_back": 3, "split": 1, "merge": 1, "dissolve": 1, "correct_unit": 1, "rename": 1, "spell": 2, "take": 4,
    "end_position": 1, "correct_position": 1, "open_term": 1, "send_members": 1, "send_transfers": 1, "expire": 1,
    "rate": 1, "correct_rating": 2,
}  # fmt: skip
"""What is entered, and how often beside the rest."""


class Office:
    """Who enters it; several may share one, and then work side by side.

    `most` is how many members there are at most: of few, changes meet more often.
    """

    def __init__(self, client: AsyncClient, seed: int, *, most: int = 1000) -> None:
        self._client = client
        self._chance = random.Random(seed)
        self._most = most
        self.members: list[str] = []
        self.cells = list(CELLS)
        self._transfers: list[str] = []
        self._positions: list[str] = []
        self._rated: list[tuple[str, int, str]] = []
        self._founded = 0
        self.statuses: Counter[int] = Counter()
        self.done: Counter[str] = Counter()
        self.broken: list[str] = []
        """What was answered that a register must not answer."""

    async def open(self) -> None:
        """Enter the units."""
        await self._send("organisations", UNITS)
        assert self.statuses == {200: 1}, self.statuses

    async def work(self, commands: int) -> None:
        """Enter commands until so many are answered; count how, and which were possible."""
        makers: dict[str, Callable[[], Awaitable[None]]] = {name: getattr(self, f"_{name}") for name in WAYS}
        while self.statuses.total() < commands:
            [name] = self._chance.choices(list(makers), list(WAYS.values()))
            await makers[name]()

    async def _do(self, what: str, path: str, **asked: Any) -> Any:
        return self._answered(what, path, await self._client.post(f"/v1/{path}", json=asked))

    def _answered(self, what: str, path: str, answer: Response) -> Any:
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500 or answer.status_code not in {200, 201, 404, 409, 422}:
            self.broken.append(f"{path}: {answer.status_code} {answer.text}")
        if not answer.is_success:
            return None
        self.done[what] += 1
        return answer.json()

    async def _send(self, kind: str, text: str) -> Any:
        path = f"imports/{kind}?on_error=skip"
        headers = {"Content-Type": "text/csv"}
        answer = await self._client.post(f"/v1/{path}", content=text.encode(), headers=headers)
        return self._answered(f"import {kind}", path, answer)

    def _day(self, after: int = 0) -> str:
        return (FIRST + timedelta(self._chance.randrange(after, DAYS))).isoformat()

    def _member(self) -> str:
        return self._chance.choice(self.members or ["M0"])

    def _cell(self) -> str:
        return self._chance.choice(self.cells)

    async def _admit(self) -> None:
        if len(self.members) >= self._most:
            return
        code = f"M{len(self.members)}"
        admitted = {
            "code": code,
            "cell_code": self._cell(),
            "full_name": "Lò Thị Ánh",
            "birth_date": "1990-05-01",
            "gender": self._chance.choice(["female", "male"]),
            "ethnicity": "Thái",
            "youth_union": True,
            "admitted_on": self._day(),
        }
        if await self._do("admit", "members", **admitted):
            self.members.append(code)

    async def _confirm(self) -> None:
        await self._do("confirm", f"members/{self._member()}/confirmation", official_on=self._day())

    async def _depart(self) -> None:
        reason = self._chance.choice(list(DepartureReason)).value
        await self._do(
            "depart", f"members/{self._member()}/departure", left_on=self._day(), left_reason=reason
        )

    async def _correct(self) -> None:
        asked: dict[str, Any] = {"fact": self._chance.randint(1, 4)}
        asked |= self._chance.choice([{"effective_date": self._day()}, {"cell_code": self._cell()}])
        await self._do("correct", f"members/{self._member()}/corrections", **asked)

    async def _withdraw(self) -> None:
        fact = self._chance.randint(1, 4)
        await self._do("withdraw", f"members/{self._member()}/corrections", fact=fact, withdraw=True)

    async def _profile(self) -> None:
        asked = {"youth_union": self._chance.choice([True, False]), "effective_date": self._day()}
        await self._do("profile", f"members/{self._member()}/profile", **asked)

    async def _come_back(self) -> None:
        member, day = self._member(), self._day(DAYS // 2)
        if self._chance.random() < 0.5:
            await self._do("restore", f"members/{member}/restoration", effective_date=day)
        else:
            asked = {"cell_code": self._cell(), "admitted_on": day, "youth_union": False}
            await self._do("readmit", f"members/{member}/readmission", **asked)

    async def _spell(self) -> None:
        kind = self._chance.choice(["exemption", "suspension", "temporary-stay"])
        path, day = f"members/{self._member()}/{kind}", self._day()
        if self._chance.random() < 0.4:
            await self._do("end spell", f"{path}/end", effective_date=day)
        else:
            host = {"cell_code": self._cell()} if kind == "temporary-stay" else {}
            await self._do("begin spell", path, effective_date=day, **host)

    async def _transfer(self) -> None:
        """From cell to cell, or out; some go no further than the request, or an older one goes on."""
        to = {"destination_code": self._cell()} if self._chance.random() < 0.7 else {"outside": "Tỉnh khác"}
        day = FIRST + timedelta(self._chance.randrange(DAYS - 40))
        asked = await self._do(
            "request", "transfers", member_code=self._member(), requested_on=str(day), **to
        )
        if asked is None:
            return
        self._transfers.append(asked["id"])
        path = f"transfers/{self._chance.choice(self._transfers[-3:])}"
        if self._chance.random() < 0.2:
            await self._do("cancel", f"{path}/cancellation", cancelled_on=str(day), reason="withdrawn")
            return
        await self._do("release", f"{path}/release", released_on=str(day + timedelta(5)))
        await self._do("receive", f"{path}/reception", received_on=str(day + timedelta(20)))

    async def _expire(self) -> None:
        await self._do("expire", "transfers/expiry", as_of=self._day())

    async def _reparent(self) -> None:
        code, parent = self._cell(), self._chance.choice("KABP")
        if self._chance.random() < 0.2:
            code, parent, type_ = "P", self._chance.choice("AB"), "divisional_committee"
        else:
            type_ = "grassroots_cell" if parent == "K" else "subordinate_cell"
        asked = {"parent_code": parent, "type": type_, "effective_date": self._day()}
        await self._do("reparent", f"organisations/{code}/reparent", **asked)

    async def _rename(self) -> None:
        code, day = self._cell(), self._day()
        await self._do("rename", f"organisations/{code}/rename", name=f"Chi bộ {day}", effective_date=day)

    async def _dissolve(self) -> None:
        # Late days: else there soon were no cells, and nothing more were possible.
        await self._do(
            "dissolve", f"organisations/{self._cell()}/dissolution", dissolved_on=self._day(DAYS - 100)
        )

    async def _correct_unit(self) -> None:
        path, fact = f"organisations/{self._cell()}/corrections", self._chance.randint(1, 3)
        founded = f"{self._chance.randint(1981, 2000)}-01-01"
        asked: dict[str, Any] = self._chance.choice(
            [
                {"withdraw": True},
                {"effective_date": self._day()},
                {"effective_date": founded},
                {"name": founded},
            ]
        )
        await self._do("correct unit", path, fact=fact, **asked)

    async def _split(self) -> None:
        source, new, day = self._cell(), f"N{self._founded}", self._day()
        self._founded += 1
        listed = await self._client.get(f"/v1/organisations/{source}/members", params={"as_of": day})
        there = [item["code"] for item in listed.json()["items"]]
        parts = [{"code": new, "name": f"Chi bộ {new}", "members": there[: len(there) // 2]}]
        if await self._do("split", f"organisations/{source}/split", parts=parts, effective_date=day):
            self.cells.append(new)

    async def _merge(self) -> None:
        target, source = self._cell(), self._cell()
        asked = {"sources": [source], "effective_date": self._day(DAYS // 2)}
        await self._do("merge", f"organisations/{target}/merger", **asked)

    async def _take(self) -> None:
        asked: dict[str, Any] = {
            "organisation_code": self._chance.choice([*"AABBPPK", self._cell()]),
            "member_code": self._member(),
            "position": self._chance.choice(list(Position)).value,
            "from_on": self._day(DAYS // 2),
        }
        if self._chance.random() < 0.5:
            asked["until_on"] = (date.fromisoformat(asked["from_on"]) + timedelta(90)).isoformat()
        if taken := await self._do("take", "positions", **asked):
            self._positions.append(taken["id"])

    async def _end_position(self) -> None:
        if self._positions:
            path = f"positions/{self._chance.choice(self._positions)}/end"
            await self._do("end position", path, until_on=self._day(DAYS // 2))

    async def _correct_position(self) -> None:
        if self._positions:
            path = f"positions/{self._chance.choice(self._positions)}/corrections"
            asked: dict[str, Any] = self._chance.choice([{"withdraw": True}, {"effective_date": self._day()}])
            await self._do("correct position", path, fact=self._chance.randint(1, 2), **asked)

    async def _open_term(self) -> None:
        day = self._day(DAYS // 2)
        elected = [{"member_code": self._member(), "position": "secretary"}][: self._chance.randrange(2)]
        asked = {"organisation_code": self._chance.choice("ABP"), "label": f"Nhiệm kỳ {day}", "from_on": day}
        await self._do("open term", "terms", **asked, elected=elected)

    async def _rate(self) -> None:
        cell, year = self._cell(), self._chance.choice([2018, 2019])
        listed = await self._client.get(
            f"/v1/organisations/{cell}/members", params={"as_of": f"{year}-12-31"}
        )
        ratings = [
            {"code": item["code"], "grade": self._chance.choice(["good", "completed"])}
            for item in listed.json()["items"]
        ]
        if ratings and await self._do("rate", f"organisations/{cell}/ratings", year=year, ratings=ratings):
            self._rated += [(cell, year, rating["code"]) for rating in ratings]

    async def _correct_rating(self) -> None:
        if not self._rated:
            return
        cell, year, code = self._chance.choice(self._rated)
        asked: dict[str, Any] = {"year": year, "code": code, "corrects": self._chance.choice([1, 1, 2])}
        asked |= self._chance.choice([{"withdraw": True}, {"grade": "good"}, {"grade": "completed"}])
        await self._do("correct rating", f"organisations/{cell}/rating-corrections", **asked)

    async def _send_members(self) -> None:
        """A file of some members, as somebody else's list has them."""
        rows = [
            f"{self._member()},{self._cell()},Lò Thị Ánh,1990-05-01,female,Thái,,yes,{self._day()},{self._day()},,"
            for _ in range(4)
        ]
        rows = list({row.partition(",")[0]: row for row in rows}.values())
        new = f"F{self._founded}"
        self._founded += 1
        if len(self.members) < self._most:
            rows.append(f"{new},{self._cell()},Lò Thị Ánh,1990-05-01,female,Thái,,yes,{self._day()},,,")
        report = await self._send("members", MEMBERS_FILE + "\n".join(rows) + "\n")
        if report and report["imported"] and rows[-1].startswith(new):
            self.members.append(new)

    async def _send_transfers(self) -> None:
        rows = []
        for _ in range(3):
            day = FIRST + timedelta(self._chance.randrange(DAYS - 40))
            released, received = day + timedelta(3), day + timedelta(9)
            rows.append(f"{self._member()},,,{self._cell()},,{day},{released},{received}")
        await self._send("transfers", TRANSFERS_FILE + "\n".join(rows) + "\n")
