"""What mergers and splits look like as JSON; each makes a command of the domain."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from chassis.openapi import example
from contracts.membership import OrganisationType
from services.membership import thresholds
from services.membership.reorganisations.orders import (
    MergeOrganisations,
    NewUnit,
    Part,
    SplitOrganisation,
    UpgradeWithCells,
)
from services.membership.requests import Day, OrderedRequest, Text, Upgrade

_Codes = Annotated[list[Text], Field(max_length=thresholds.MOST_IN_A_DECISION)]


class NewTarget(BaseModel):
    """A unit that is founded for others to merge into it."""

    model_config = ConfigDict(extra="forbid")

    name: Text
    type: OrganisationType
    parent_code: Text | None = None


class Merger(OrderedRequest):
    """Units that merge into another one: their members or units are its own from a day on, on which they end."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "sources": ["K.01.03", "K.01.04"],
                "effective_date": "2021-03-01",
                "decision_date": "2021-02-24",
                "document": {"number": "78-QĐ/ĐU", "date": "2021-02-24"},
            }
        )
    )

    sources: _Codes
    """Codes of the units that end (sáp nhập vào)."""
    establish: NewTarget | None = None
    """Where the unit they merge into is founded by the same decision (hợp nhất); its code is that of the path."""
    effective_date: Day

    def command(self, target: str) -> MergeOrganisations:
        """Return the command; `target` is the code of the unit they merge into."""
        new = self.establish
        return MergeOrganisations(
            sources=tuple(self.sources),
            target=target,
            establish=None
            if new is None
            else NewUnit(name=new.name, type=new.type, parent_code=new.parent_code or None),
            effective_date=self.effective_date,
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


class NewPart(BaseModel):
    """A unit that is founded with some of what another one has."""

    model_config = ConfigDict(extra="forbid")

    code: Text
    name: Text
    members: _Codes = []
    """Codes of members, where a cell is split."""
    units: _Codes = []
    """Codes of units, where a committee is split."""


class Split(OrderedRequest):
    """A unit that gives some of what it has, or all, to new ones of its type and in its place."""

    model_config = ConfigDict(
        json_schema_extra=example(
            {
                "parts": [{"code": "K.01.05", "name": "Chi bộ Khoa Nhi", "members": ["ĐV-000123"]}],
                "goes_on": True,
                "effective_date": "2021-03-01",
                "decision_date": "2021-02-24",
            }
        )
    )

    parts: Annotated[list[NewPart], Field(max_length=thresholds.MOST_IN_A_DECISION)]
    goes_on: StrictBool = True
    """Whether the unit stays with the rest (tách); otherwise it ends and the parts have all of it (chia)."""
    effective_date: Day

    def command(self, source: str) -> SplitOrganisation:
        """Return the command; `source` is the code of the unit."""
        return SplitOrganisation(
            source=source,
            parts=tuple(
                Part(code=part.code, name=part.name, members=tuple(part.members), units=tuple(part.units))
                for part in self.parts
            ),
            goes_on=self.goes_on,
            effective_date=self.effective_date,
            decision_date=self.decided_on,
            document=self.ordered_by,
        )


def upgrade_command(asked: Upgrade, unit: str) -> UpgradeWithCells:
    """Return the command of an upgrade; `unit` is the code of the unit."""
    return UpgradeWithCells(
        unit=unit,
        cells=tuple(
            Part(code=cell.code, name=cell.name, members=tuple(cell.members)) for cell in asked.cells
        ),
        effective_date=asked.effective_date,
        decision_date=asked.decided_on,
        document=asked.ordered_by,
    )
