"""The route that records the numbers of a member; the member's card shows them."""

from typing import Self
from uuid import uuid4

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, model_validator

from chassis.idempotency import Answer
from chassis.openapi import example
from chassis.preconditions import check_if_match
from chassis.resources import Resources
from contracts.numbers import NumberedPaper
from services.membership.answers import MemberCode, Warning_, changed
from services.membership.commands import carry_out
from services.membership.future import future_warning
from services.membership.member_commands import commands
from services.membership.numbers.domain import (
    Numbers,
    clean_number,
    decide_numbers,
    number_warnings,
)
from services.membership.numbers.store import NumbersStore
from services.membership.paging import today
from services.membership.problems import unknown_member
from services.membership.queries import code_in_path
from services.membership.requests import Day, DecidedRequest, Text
from services.membership.store import Store


class NumbersGiven(DecidedRequest):
    """The number of a party card, of a file, or both; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra=example({"effective_date": "2025-05-19", "card_number": "012345678901"})
    )

    effective_date: Day
    """The day on which it was given."""
    card_number: Text | None = None
    file_number: Text | None = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not (clean_number(self.card_number) or clean_number(self.file_number)):
            raise ValueError("cần số thẻ đảng viên hoặc số lý lịch")
        return self

    @property
    def numbers(self) -> Numbers:
        """What is given."""
        return Numbers(card=clean_number(self.card_number), file=clean_number(self.file_number))


class RecordedNumbers(BaseModel):
    """That a member has numbers; never which, as the answer is kept with its idempotency key."""

    model_config = ConfigDict(
        use_attribute_docstrings=True,
        json_schema_extra=example(
            {"code": "ĐV-000123", "card": True, "file": False, "version": 1, "warnings": []}
        ),
    )

    code: str
    card: bool
    file: bool
    version: int
    """The member's, which numbers leave as it is; the entity tag."""
    warnings: list[Warning_]


def router(resources: Resources) -> APIRouter:
    """Return the route."""
    routes = commands()

    @routes.post("/members/{code:path}/numbers", **changed(RecordedNumbers))
    async def record(request: Request, code: MemberCode, asked: NumbersGiven) -> Response:
        """Record the number of a member's party card, of their file, or both."""

        async def handle(store: Store) -> Answer:
            found = code_in_path(code)
            member = (await store.members([found], for_change=True)).get(found)
            if member is None:
                raise unknown_member(code)
            check_if_match(request, member.version)
            kept = NumbersStore(store)
            decided = decide_numbers(
                (await kept.of([member.id])).get(member.id),
                asked.numbers,
                member_id=member.id,
                code=member.code,
                day=asked.effective_date,
                decision_date=asked.decision_date,
                new_id=uuid4(),
            )
            await kept.save([decided])
            warnings = [
                *number_warnings(asked.numbers),
                *future_warning(asked.effective_date, today()),
            ]
            held = decided.event.after
            body = {
                "code": member.code,
                "card": NumberedPaper.PARTY_CARD in held,
                "file": NumberedPaper.MEMBER_FILE in held,
                "version": member.version,
            }
            return Answer(200, body | {"warnings": [warning.as_json() for warning in warnings]})

        return await carry_out(resources, request, handle)

    return routes
