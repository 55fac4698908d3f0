"""What every event of the published language has in common."""

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, ClassVar, Final, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Classification(StrEnum):
    """How far the value of a field may travel (Decree 13/2023; Law 91/2025).

    PUBLIC may be read by any subscriber. PSEUDONYMOUS describes somebody behind an opaque id: it stays on
    topics that only this system's services read. A field that names or identifies a person has no class
    here, because no event may carry it.
    """

    PUBLIC = "public"
    PSEUDONYMOUS = "pseudonymous"


_KEY: Final = "x-classification"

PUBLIC: Final = Field(json_schema_extra={_KEY: Classification.PUBLIC})
PSEUDONYMOUS: Final = Field(json_schema_extra={_KEY: Classification.PSEUDONYMOUS})


class Value(BaseModel):
    """A frozen value inside an event; an unknown field is refused where the value is made.

    The text below a field is its description in the published schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Event(Value):
    """One change that happened, named in the past tense.

    `TYPE` is the CloudEvents type, with the version of this schema as its last part: a field with a default
    may be added to a class, anything else is a new class with the next version. `AGGREGATE` names what the
    event happened to and `KEY` the field that holds its id: the Kafka key, within which order is kept.
    """

    TYPE: ClassVar[str]
    AGGREGATE: ClassVar[str]
    KEY: ClassVar[str]

    effective_date: Annotated[date, PUBLIC]
    """The day from which the change is true, in Asia/Ho_Chi_Minh."""
    decision_date: Annotated[date | None, PUBLIC] = None
    """The day of the deciding document; None where the source does not state it."""

    def as_json(self) -> str:
        """Return the event as it is recorded: what is not stated is left out, where readers need not find it."""
        return self.model_dump_json(exclude_none=_needs_no_null(type(self)))

    @property
    def aggregate_id(self) -> UUID:
        """The id of the aggregate that this event happened to."""
        key: UUID = getattr(self, self.KEY)
        return key


@cache
def _needs_no_null(model: type[Value]) -> bool:
    """Return whether every field that may be null is null by default, in the values within as well."""
    for field in model.model_fields.values():
        inner = [field.annotation, *get_args(field.annotation)]
        if type(None) in inner and field.is_required():
            return False
        within = [*inner, *(deeper for one in inner for deeper in get_args(one))]
        if not all(_needs_no_null(one) for one in within if isinstance(one, type) and issubclass(one, Value)):
            return False
    return True


def classification_of(schema_property: dict[str, object]) -> Classification | None:
    """Return the class noted in one property of an event's JSON Schema, or None where it has none."""
    noted = schema_property.get(_KEY)
    return None if noted is None else Classification(str(noted))
