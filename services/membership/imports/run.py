"""The way of an uploaded file: parts of it are read and decided in a thread, and written, in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final

from chassis.imports import OnError
from chassis.problems import Problem
from services.membership import columns
from services.membership.columns import Column, Kind
from services.membership.data import vietnamese_working_days
from services.membership.domain import Organisation
from services.membership.files import FileRefused, Located, Row, Table
from services.membership.future import future_warnings
from services.membership.imports import members, organisations, transfers
from services.membership.imports.numbers import KnownNumbers
from services.membership.imports.report import MOST_LISTED, Plan, Report, State
from services.membership.members import Member
from services.membership.numbers.domain import DecidedNumbers
from services.membership.numbers.store import NumbersStore
from services.membership.paging import today
from services.membership.positions.endings import PositionInTheWay, end_for_members, end_for_unit
from services.membership.positions.tenures import Order
from services.membership.store import Changes, Store
from services.membership.transfers.domain import DecidedTransfer, OnTheWay
from services.membership.transfers.endings import cancel_for_leavers
from services.membership.transfers.receptions import Known
from services.membership.transfers.store import TransferStore

_PART = 2_000
"""Rows decided and written at a time: large enough for one round trip to be nothing, small in memory."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it, and what is to become of it."""

    body: bytes
    file_name: str
    workbook: bool = False
    on_error: OnError = OnError.ABORT
    dry_run: bool = False
    most_kept: int = MOST_LISTED
    """Errors, and warnings, that the report keeps."""


class _Import:
    """One import on the way: `report` grows, and nothing more is written once it is to be refused."""

    def __init__(self, store: Store, upload: Upload) -> None:
        self._store = store
        self._upload = upload
        self._today = today()
        self.report = Report(
            upload.file_name, upload.most_kept, most_changes=MOST_LISTED if upload.dry_run else 0
        )

    async def open(self, expected: Sequence[Column]) -> Table:
        await self._store.lock_imports()
        upload = self._upload
        table = await asyncio.to_thread(Table, upload.body, expected, workbook=upload.workbook)
        self.report.add_warnings(table.warnings)
        self.report.understood(table.notices)
        return table

    async def write(self, plan: Plan[State]) -> None:
        self._warn_of_future(plan)
        self.report.add(plan)
        if plan.decided and not self._upload.dry_run and not self._refused:
            await self._save(plan)
            await self._end_positions(plan)

    def _warn_of_future(self, plan: Plan[State]) -> None:
        for line, decided in plan.changed:
            events = [one.event for one in decided]
            plan.warnings += [Located(line, fault) for fault in future_warnings(events, self._today)]
        plan.warnings.sort(key=lambda located: located.line)

    async def _save(self, plan: Plan[State]) -> None:
        await self._store.save(await asyncio.to_thread(Changes, plan.decided))
        people: list[Member] = []
        for one in plan.decided:
            if isinstance(one.state, Member):
                people.append(one.state)  # noqa: PERF401 - mypy reads it for units, too
        await cancel_for_leavers(self._store, people)

    async def _end_positions(self, plan: Plan[State]) -> None:
        """End the positions of members who are no longer where they hold them, and of dissolved units.

        Raises ImportRefused where somebody is recorded to have taken one after that.
        """
        lines = {one.state.id: line for line, decided in plan.changed for one in decided}
        states: list[Organisation | Member] = [one.state for one in plan.decided]
        people = {who.id: who.left_reason for who in states if isinstance(who, Member) and who.version > 1}
        units = {one.id: one for one in states if isinstance(one, Organisation) and one.dissolved_on}
        try:
            await end_for_members(self._store, people, Order())
            for unit in units.values():
                await end_for_unit(self._store, unit, Order())
        except PositionInTheWay as found:
            line = lines.get(found.member_id) or lines[found.organisation_id]
            self.report.add_errors([Located(line, fault) for fault in found.faults])
            raise ImportRefused(self.report) from None

    @property
    def _refused(self) -> bool:
        return self._upload.on_error is OnError.ABORT and bool(self.report.errors_total)

    def finish(self) -> Report:
        doubtful = self.report.doubt_dates()
        if self._refused or doubtful:
            raise ImportRefused(self.report)
        return self.report


async def import_file(store: Store, kind: Kind, upload: Upload) -> Report:
    """Import a file in the transaction of `store`.

    Raises ImportRefused, upon which the transaction is to be rolled back.
    """
    return await _IMPORTS[kind](store, upload)


async def _import_organisations(store: Store, upload: Upload) -> Report:
    """A file of units is small, so it is decided as a whole."""
    work = _Import(store, upload)
    try:
        rows = await asyncio.to_thread(list[Row], await work.open(columns.ORGANISATIONS))
    except FileRefused as refused:
        raise _unreadable(work.report, refused) from None
    codes = _texts(rows, "code") | _texts(rows, "parent_code")
    known = await store.organisations(codes, for_change=True)
    await work.write(await asyncio.to_thread(organisations.plan_organisations, rows, known=known))
    return work.finish()


class _MembersImport(_Import):
    async def _save(self, plan: Plan[Any]) -> None:
        """Write members, and then the numbers of some."""
        decided: list[Any] = [*plan.decided]
        numbers = [one for one in decided if isinstance(one, DecidedNumbers)]
        people = [one for one in decided if not isinstance(one, DecidedNumbers)]
        if people:
            await self._store.save(await asyncio.to_thread(Changes, people))
            await cancel_for_leavers(self._store, [one.state for one in people])
        await NumbersStore(self._store).save(numbers)


async def _import_members(store: Store, upload: Upload) -> Report:
    """A file of members goes part by part, so that memory does not grow with it."""
    work = _MembersImport(store, upload)
    cells: dict[str, Organisation] = {}
    taken: dict[tuple[str, str], str] = {}
    seen: dict[str, int] = {}
    try:
        rows = iter(await work.open(columns.MEMBERS))
        while part := await asyncio.to_thread(_take, rows):
            # Members before units, as everywhere.
            known = await store.members(_texts(part, "code"), for_change=True)
            cells |= await store.organisations(_texts(part, "cell_code") - cells.keys())
            histories = await store.histories(_added_to(part, known))
            numbers = await _known_numbers(store, part, known, taken)
            plan = partial(members.plan_members, cells=cells, members=known, histories=histories, seen=seen)
            await work.write(await asyncio.to_thread(plan, part, numbers=numbers))
    except FileRefused as refused:
        raise _unreadable(work.report, refused) from None
    return work.finish()


class _TransfersImport(_Import):
    async def _save(self, plan: Plan[Any]) -> None:
        """Write the steps of transfers, and what became of their members."""
        decided: list[Any] = [*plan.decided]
        await TransferStore(self._store).save([one for one in decided if isinstance(one, DecidedTransfer)])
        people = [one for one in decided if not isinstance(one, DecidedTransfer)]
        await self._store.save(await asyncio.to_thread(Changes, people))


async def _import_transfers(store: Store, upload: Upload) -> Report:
    """A file of transfers is a month's or a year's, so it is decided as a whole; all its members are held."""
    work = _TransfersImport(store, upload)
    try:
        rows = await asyncio.to_thread(list[Row], await work.open(columns.TRANSFERS))
    except FileRefused as refused:
        raise _unreadable(work.report, refused) from None
    kept, codes = TransferStore(store), _texts(rows, "member_code")
    members = await store.members(codes, for_change=True)
    cells = await store.organisations(_texts(rows, "destination_code"))
    histories = await store.histories(members.values())
    on_the_way: dict[str, list[OnTheWay]] = {}
    for one in await kept.of_each(codes):
        on_the_way.setdefault(one.code, []).append(one)
    there = {id_ for history in histories.values() for id_ in history.cells}
    units = await kept.with_all_above(there | {cell.id for cell in cells.values()})
    known = {code: Known(member, histories[member.id]) for code, member in members.items()}
    register = transfers.Register(cells, units, known, on_the_way)
    calendar = vietnamese_working_days()
    await work.write(await asyncio.to_thread(transfers.plan_transfers, rows, register, calendar, today()))
    return work.finish()


def _added_to(rows: Sequence[Row], known: Mapping[str, Member]) -> list[Member]:
    """Return the known members of whom rows say something new, which may be late."""
    pairs = ((row, known.get(row.cells.get("code", ""))) for row in rows)
    return [member for row, member in pairs if member is not None and members.adds(row, member)]


def _take(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, _PART))


async def _known_numbers(
    store: Store, rows: Sequence[Row], known: Mapping[str, Member], taken: dict[tuple[str, str], str]
) -> KnownNumbers:
    """Return who has which of the numbers in some rows; `taken` grows by those that the register has of others."""
    stated = [numbers for row in rows if (numbers := members.numbers_of(row)).by_column]
    if not stated:
        return KnownNumbers(taken=taken)
    kept = NumbersStore(store)
    taken |= await kept.taken(stated)
    return KnownNumbers(await kept.of([member.id for member in known.values()]), taken)


def _texts(rows: Iterable[Row], column: str) -> set[str]:
    return {text for row in rows if (text := row.cells.get(column))}


def _unreadable(report: Report, refused: FileRefused) -> "ImportRefused":
    report.add_errors(refused.faults)
    return ImportRefused(report)


class ImportRefused(Problem):
    """The answer of an import that was refused as a whole: nothing of the file is in the register."""

    def __init__(self, report: Report) -> None:
        body = report.as_json() | {"imported": 0, "unchanged": 0, "events": 0, "refused": report.rows}
        body |= {"changes": {}, "changed": []}
        super().__init__(
            "import-refused",
            422,
            title="Tệp chưa nhập được",
            title_en="Import refused",
            detail=f"{report.file_name}: có {report.errors_total} lỗi nên chưa nhập dòng nào; hãy sửa rồi gửi lại, "
            "hoặc chọn bỏ qua các dòng lỗi (on_error=skip).",
            **body,
        )
        self.report = report


_IMPORTS: Final[Mapping[Kind, Callable[[Store, Upload], Awaitable[Report]]]] = {
    Kind.ORGANISATIONS: _import_organisations,
    Kind.MEMBERS: _import_members,
    Kind.TRANSFERS: _import_transfers,
}
