"""The HTTP side of snapshots: figures frozen, their revisions, and what made each of these."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from chassis.commands import carry_out
from chassis.cursors import decode_cursor, encode_cursor, invalid_cursor
from chassis.database import Connection, Pool
from chassis.idempotency import Answer, documented_key
from chassis.preconditions import resource
from chassis.rebuilding import reading
from chassis.resources import Resources
from services.reporting import parameters
from services.reporting.dated_tree import Trees
from services.reporting.figures.catalogue import MEASURES
from services.reporting.figures.periods import FIRST_YEAR, LAST_YEAR
from services.reporting.recorded import local_day
from services.reporting.snapshots import answers, store
from services.reporting.snapshots.domain import Revision, Terms, changes, first_altered
from services.reporting.snapshots.freezing import count
from services.reporting.snapshots.publishing import publish

_Id = Annotated[UUID, Path(alias="id", description="`id` of a snapshot")]
_Number = Annotated[int, Path(ge=1, lt=2**31, description="Number of a revision, from 1", examples=[2])]


def router(resources: Resources, trees: Trees) -> APIRouter:
    """Return the routes of snapshots."""
    routes = APIRouter()
    routes.include_router(_commands(resources, trees))
    routes.include_router(_reads(resources.pool))
    return routes


def _commands(resources: Resources, trees: Trees) -> APIRouter:
    routes = APIRouter(tags=["commands"], dependencies=[Depends(documented_key)])

    @routes.post("/snapshots", **answers.made())
    async def freeze(request: Request, asked: answers.SnapshotAsked) -> Response:
        """Freeze the figures of a unit and a period that is over.

        A fact that is recorded later and changes one of them makes the next revision by itself; this one stays.
        """
        terms = _terms(asked)

        async def handle(connection: Connection) -> Answer:
            async with reading(resources.pool) as snapshot:
                counted = await count(snapshot, trees, terms, measures=list(MEASURES), today=None)
            if counted is None:
                raise parameters.unknown_unit(terms.unit_code or "")
            if existing := await store.insert(connection, terms):
                raise answers.snapshot_exists(existing)
            revision = await store.add_revision(connection, terms, counted, former=None)
            await publish(connection, resources.event_log, terms, revision, None)
            return Answer(201, _json(terms, revision))

        return await carry_out(resources, request, handle)

    return routes


def _terms(asked: answers.SnapshotAsked) -> Terms:
    if asked.from_ > asked.to:
        raise answers.period_invalid(f"Ngày đầu {asked.from_:%d/%m/%Y} sau ngày cuối {asked.to:%d/%m/%Y}.")
    if asked.from_.year < FIRST_YEAR or asked.to.year > LAST_YEAR:
        raise answers.period_invalid(f"Chỉ có số liệu của các năm từ {FIRST_YEAR} đến {LAST_YEAR}.")
    if asked.to >= local_day(datetime.now(UTC)):
        raise answers.period_not_over(asked.to)
    return Terms(uuid4(), parameters.code(asked.unit), asked.from_, asked.to)


def _reads(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["statistics"])

    @routes.get("/snapshots", responses=answers.OF_PAGE)
    async def listed(
        request: Request,
        unit: Annotated[str | None, Query(description="Code of a unit", examples=["K.01"])] = None,
        cursor: Annotated[str | None, Query(description="`next` of the page before", max_length=2000)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> answers.SnapshotPage:
        """Snapshots, those of the latest periods first."""
        parameters.only(request, "unit", "cursor", "limit")
        code = parameters.code(unit)
        found = await store.page(pool, _place(cursor), code, limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        return answers.SnapshotPage(
            items=[answers.SnapshotTerms.model_validate(_told(terms)) for terms in found[:limit]],
            next=last and encode_cursor([last.last.isoformat(), str(last.id)]),
        )

    @routes.get("/snapshots/{id}", **answers.one())
    async def snapshot(request: Request, id_: _Id) -> Response:
        """A snapshot with the revision that holds."""
        terms = await _known(pool, id_)
        return resource(request, _json(terms, await store.last_revision(pool, id_)))

    @routes.get("/snapshots/{id}/revisions", responses=answers.OF_ONE)
    async def revisions(id_: _Id) -> answers.Revisions:
        """All revisions of a snapshot, in their order."""
        await _known(pool, id_)
        found = await store.revisions(pool, id_)
        return answers.Revisions(revisions=[answers.RevisionAnswer(**_revision(each)) for each in found])

    @routes.get("/snapshots/{id}/revisions/{revision}", responses=answers.OF_REVISION)
    async def revision(id_: _Id, revision: _Number) -> answers.RevisionAnswer:
        """One revision of a snapshot, as it was frozen."""
        return answers.RevisionAnswer(**_revision((await _up_to(pool, id_, revision))[-1]))

    @routes.get("/snapshots/{id}/revisions/{revision}/diff", responses=answers.OF_REVISION)
    async def diff(id_: _Id, revision: _Number) -> answers.Diff:
        """Which figures are others than in the revision before, and which events came in between."""
        *former, asked = await _up_to(pool, id_, revision)
        changed = changes(former[-1].figures, asked.figures) if former else []
        return answers.Diff(
            revision=asked.number,
            previous=former[-1].number if former else None,
            figures=[answers.ChangedFigure(**asdict(each)) for each in changed],
            events=[answers.LateEvent(**event) for event in asked.events],
        )

    @routes.get("/snapshots/{id}/verification", responses=answers.OF_ONE)
    async def verification(id_: _Id) -> answers.SnapshotVerification:
        """Follow the hashes of the revisions from the first: the first one that was altered, if any."""
        terms = await _known(pool, id_)
        found = await store.revisions(pool, id_)
        altered = first_altered(terms, found)
        return answers.SnapshotVerification(
            intact=altered is None, revisions=len(found), first_altered=altered
        )

    return routes


async def _known(pool: Pool, id_: UUID) -> Terms:
    terms = await store.find(pool, id_)
    if terms is None:
        raise answers.unknown_snapshot()
    return terms


async def _up_to(pool: Pool, id_: UUID, number: int) -> list[Revision]:
    """Return the revisions up to the one of that number, which is the last. Raises Problem."""
    await _known(pool, id_)
    found = await store.revisions(pool, id_)
    if not any(each.number == number for each in found):
        raise answers.unknown_revision(found[-1].number if found else 0)
    return [each for each in found if each.number <= number]


def _place(cursor: str | None) -> tuple[date | None, UUID | None]:
    """Return the place after which a page begins. Raises Problem `invalid-cursor` (400)."""
    if cursor is None:
        return None, None
    day, id_ = decode_cursor(cursor, 2)
    try:
        return date.fromisoformat(day), UUID(id_)
    except ValueError:
        raise invalid_cursor() from None


def _told(terms: Terms) -> Mapping[str, Any]:
    return {
        "id": str(terms.id),
        "unit_code": terms.unit_code,
        "from": terms.first.isoformat(),
        "to": terms.last.isoformat(),
    }


def _revision(revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision.number,
        "known_at": revision.known_at.isoformat().replace("+00:00", "Z"),
        "up_to": revision.up_to,
        "unit": revision.unit,
        "figures": revision.figures,
        "hash": revision.hash.hex(),
        "previous_hash": revision.previous_hash.hex(),
    }


def _json(terms: Terms, revision: Revision) -> dict[str, Any]:
    return {**_told(terms), "version": revision.number, "latest": _revision(revision)}
