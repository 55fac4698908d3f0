"""What the lists of members' dimensions answer, as their OpenAPI document has it; the people are made up."""

from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from chassis.openapi import example
from contracts.membership import Standing
from services.membership import thresholds

_PERSON: Final[dict[str, Any]] = {
    "code": "ĐV-000123",
    "full_name": "Lê Thị Hoa",
    "birth_date": "1990-05-01",
    "cell_code": "K.01.02",
    "cell_name": "Chi bộ Khoa Nội",
    "standing": "official",
}
_HELD: Final[dict[str, Any]] = _PERSON | {"from_on": "2020-06-01", "until": "2021-06-01", "overdue": False}
_AS_OF: Final[dict[str, Any]] = {"as_of": "2020-11-30", "next": None}


class _Answer(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True)


class _Page(_Answer):
    as_of: date
    next: str | None
    """What to pass as `cursor` for the next page; null on the last."""


class _Person(_Answer):
    code: str
    full_name: str
    birth_date: date
    cell_code: str
    """Where they count on the day."""
    cell_name: str
    standing: Standing


class _Held(_Person):
    from_on: date
    until: date | None
    """The day on which it is meant to hold no more; null where that is not stated."""
    overdue: bool
    """Whether that day has come, and no end is recorded."""


class HeldSpell(_Held):
    """A member who is exempt or suspended."""

    grounds: str | None
    """Why, where it is stated."""


class HeldStay(_Held):
    """A member on a temporary stay in another cell."""

    host_code: str
    host_name: str


class YouthUnionMember(_Person):
    """A member who is, or soon will be, too old for the youth union."""

    due_from: date
    """The birthday after which they leave it."""
    latest_on: date
    """The birthday after which nobody stays in it by their own wish."""
    source: str
    """The rule, and the document it is from."""


class SpellPage(_Page):
    """A page of members who are exempt or suspended, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example(_AS_OF | {"items": [_HELD | {"grounds": "Tuổi cao, sức yếu"}]})
    )

    items: list[HeldSpell]


class StayPage(_Page):
    """A page of members on a temporary stay, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example(
            _AS_OF | {"items": [_HELD | {"host_code": "K.02.01", "host_name": "Chi bộ Phòng Tổ chức"}]}
        )
    )

    items: list[HeldStay]


class YouthUnionPage(_Page):
    """A page of members to leave the youth union, in the order of Vietnamese names."""

    model_config = ConfigDict(
        json_schema_extra=example(
            _AS_OF
            | {
                "items": [
                    _PERSON
                    | {
                        "due_from": "2020-05-01",
                        "latest_on": "2025-05-01",
                        "source": thresholds.YOUTH_UNION_UNTIL.source,
                    }
                ]
            }
        )
    )

    items: list[YouthUnionMember]
