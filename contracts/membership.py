"""Internal events of the membership service: the whole stream, read only by this system's own services.

Each event states the change it makes, before and after, fat enough that a statistic needs no look-up: the
count of any group is the sum of +1 for each `after` and -1 for each `before` in it, in whatever order they
come. `None` stands for "not there" on either side.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from contracts import spells
from contracts.event import PSEUDONYMOUS, PUBLIC, Event, Value
from contracts.spells import Spell, SpellEvent


class OrganisationType(StrEnum):
    """The five kinds of unit in the tree (DOMAIN: who is in it)."""

    BLOC = "bloc"
    GRASSROOTS_COMMITTEE = "grassroots_committee"
    DIVISIONAL_COMMITTEE = "divisional_committee"
    GRASSROOTS_CELL = "grassroots_cell"
    SUBORDINATE_CELL = "subordinate_cell"

    @property
    def is_cell(self) -> bool:
        """Whether members belong to a unit of this type (chi bộ cơ sở, chi bộ trực thuộc)."""
        return self in {OrganisationType.GRASSROOTS_CELL, OrganisationType.SUBORDINATE_CELL}


class Gender(StrEnum):
    """Gender as the register has it."""

    FEMALE = "female"
    MALE = "male"


class Standing(StrEnum):
    """Probationary (dự bị) until confirmed, then official (chính thức)."""

    PROBATIONARY = "probationary"
    OFFICIAL = "official"


class DepartureReason(StrEnum):
    """The ways out of the register."""

    TRANSFERRED_OUT = "transferred_out"
    """Chuyển sinh hoạt đảng đi."""
    RESIGNED = "resigned"
    """Xin ra khỏi Đảng."""
    REMOVED = "removed"
    """Xóa tên."""
    EXPELLED = "expelled"
    """Khai trừ."""
    DIED = "died"
    """Từ trần."""
    UNSTATED = "unstated"
    """The source gives a date of leaving and no reason."""


class MoveReason(StrEnum):
    """Why a member belongs to another cell of the same register."""

    TRANSFER = "transfer"
    """Chuyển sinh hoạt đảng."""
    MERGER = "merger"
    """The cell was merged into another (sáp nhập)."""
    SPLIT = "split"
    """The cell was split (chia tách)."""
    UPGRADE = "upgrade"
    """The cell became a committee, with cells of its own."""


class Cause(StrEnum):
    """Why what somebody counts as changed: the reasons of movement tables, and what changes within."""

    ADMITTED = "admitted"
    """Kết nạp."""
    RECEIVED = "received"
    """Chuyển sinh hoạt đảng đến, from outside the register."""
    RESTORED = "restored"
    """Phục hồi đảng tịch."""
    CONFIRMED = "confirmed"
    PROFILE = "profile"
    """Youth union, education and the like."""
    TRANSFER = "transfer"
    MERGER = "merger"
    SPLIT = "split"
    UPGRADE = "upgrade"
    TRANSFERRED_OUT = "transferred_out"
    RESIGNED = "resigned"
    REMOVED = "removed"
    EXPELLED = "expelled"
    DIED = "died"
    UNSTATED = "unstated"


class Education(StrEnum):
    """General education (trình độ học vấn phổ thông)."""

    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"


class Qualification(StrEnum):
    """Professional level (trình độ chuyên môn)."""

    ELEMENTARY = "elementary"
    """Sơ cấp nghề."""
    INTERMEDIATE = "intermediate"
    """Trung cấp."""
    COLLEGE = "college"
    """Cao đẳng."""
    BACHELOR = "bachelor"
    """Đại học."""
    MASTER = "master"
    DOCTOR = "doctor"


class PoliticalTheory(StrEnum):
    """Level of political theory (trình độ lý luận chính trị; DOMAIN: statistical breakdowns)."""

    ELEMENTARY = "elementary"
    """Sơ cấp."""
    INTERMEDIATE = "intermediate"
    """Trung cấp."""
    ADVANCED = "advanced"
    """Cao cấp."""
    BACHELOR = "bachelor"
    """Cử nhân."""


class Occupation(StrEnum):
    """What a member does for a living (nghề nghiệp) [C]."""

    CIVIL_SERVANT = "civil_servant"
    """Cán bộ, công chức."""
    PUBLIC_EMPLOYEE = "public_employee"
    """Viên chức."""
    WORKER = "worker"
    FARMER = "farmer"
    ARMED_FORCES = "armed_forces"
    BUSINESS = "business"
    """Doanh nhân, kinh doanh."""
    STUDENT = "student"
    RETIRED = "retired"
    OTHER = "other"


class OrganisationState(Value):
    """What a unit is and where it hangs."""

    type: Annotated[OrganisationType, PUBLIC]
    parent_id: Annotated[UUID | None, PUBLIC]
    """None for the root of a tree."""


class OrganisationStep(Value):
    """What a unit is, or where it hangs, changes on a day; None where it is not there."""

    effective_date: Annotated[date, PUBLIC]
    before: Annotated[OrganisationState | None, PUBLIC]
    after: Annotated[OrganisationState | None, PUBLIC]


_Day = date
"""A field called `date` hides the type from those after it."""


class DocumentRef(Value):
    """The document that ordered something; numbers repeat from year to year, so its date belongs to it."""

    number: Annotated[str, PUBLIC]
    """Number and symbol as on the document, such as `15-QĐ/ĐUK`."""
    date: Annotated[_Day, PUBLIC]


class MemberState(Value):
    """Where a member is counted, and in which groups."""

    cell_id: Annotated[UUID, PSEUDONYMOUS]
    standing: Annotated[Standing, PSEUDONYMOUS]
    gender: Annotated[Gender, PSEUDONYMOUS]
    ethnic_minority: Annotated[bool, PSEUDONYMOUS]
    """Any ethnic group but Kinh; which one stays in membership."""
    religious: Annotated[bool, PSEUDONYMOUS]
    """Has a religion (có đạo); which one stays in membership."""
    youth_union: Annotated[bool, PSEUDONYMOUS]
    """Of youth-union age and counted there (đoàn viên, thanh niên)."""
    birth_date: Annotated[date, PSEUDONYMOUS]
    """To the day: an age band of a given date is exact only with it."""
    joined_on: Annotated[date | None, PSEUDONYMOUS] = None
    """Admission to the party. None of a fact, and in the steps of earlier events, where that is the day they entered
    the register."""
    party_since: Annotated[date | None, PSEUDONYMOUS] = None
    """From when party age (tuổi đảng) counts; None where that is the day of admission."""
    education: Annotated[Education | None, PSEUDONYMOUS] = None
    """None, as with the following, where it is not stated."""
    qualification: Annotated[Qualification | None, PSEUDONYMOUS] = None
    theory: Annotated[PoliticalTheory | None, PSEUDONYMOUS] = None
    occupation: Annotated[Occupation | None, PSEUDONYMOUS] = None


class ProfileChange(Value):
    """What becomes another of the groups that a member counts in; None for what stays."""

    youth_union: Annotated[bool | None, PSEUDONYMOUS] = None
    education: Annotated[Education | None, PSEUDONYMOUS] = None
    qualification: Annotated[Qualification | None, PSEUDONYMOUS] = None
    theory: Annotated[PoliticalTheory | None, PSEUDONYMOUS] = None
    occupation: Annotated[Occupation | None, PSEUDONYMOUS] = None


class Step(Value):
    """What somebody counts as changes on a day: one step of a history."""

    effective_date: Annotated[date, PSEUDONYMOUS]
    before: Annotated[MemberState | None, PSEUDONYMOUS]
    after: Annotated[MemberState | None, PSEUDONYMOUS]
    cause: Annotated[Cause | None, PSEUDONYMOUS] = None
    """None in events of the first weeks, which did not say."""


class FactKind(StrEnum):
    """What a fact in a member's history is about."""

    ADMITTED = "admitted"
    RECEIVED = "received"
    RESTORED = "restored"
    CONFIRMED = "confirmed"
    PROFILED = "profiled"
    MOVED = "moved"
    LEFT = "left"
    EXEMPTED = "exempted"
    EXEMPTION_ENDED = "exemption_ended"
    SUSPENDED = "suspended"
    SUSPENSION_LIFTED = "suspension_lifted"
    TEMPORARY_STAY_BEGAN = "temporary_stay_began"
    TEMPORARY_STAY_ENDED = "temporary_stay_ended"


class Fact(Value):
    """Something that is now said to have happened to a member, as the history gives it from here on."""

    kind: Annotated[FactKind, PSEUDONYMOUS]
    effective_date: Annotated[date, PSEUDONYMOUS]
    decision_date: Annotated[date | None, PSEUDONYMOUS] = None
    state: Annotated[MemberState | None, PSEUDONYMOUS] = None
    """As what they entered the register; of an entry (admitted, received, restored) only."""
    reason: Annotated[DepartureReason | None, PSEUDONYMOUS] = None
    """Of a departure only."""
    cell_id: Annotated[UUID | None, PSEUDONYMOUS] = None
    """Where they went; of a move and of a temporary stay only."""
    move: Annotated[MoveReason | None, PSEUDONYMOUS] = None
    """Of a move only."""
    profile: Annotated[ProfileChange | None, PSEUDONYMOUS] = None
    """Of a change of profile only."""
    official_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The confirmation of somebody who entered as an official member; of an entry only."""
    admission_decided_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The decision on their admission to the party, from which party age counts; of a reception only."""
    until: Annotated[date | None, PSEUDONYMOUS] = None
    """The day on which it is meant to end; of an exemption, a suspension and a temporary stay only."""


class FirstFactKind(StrEnum):
    """What a fact was about in the first version of MemberHistoryRestated."""

    ADMITTED = "admitted"
    CONFIRMED = "confirmed"
    LEFT = "left"


class FirstFact(Value):
    """A fact in the first version of MemberHistoryRestated."""

    kind: Annotated[FirstFactKind, PSEUDONYMOUS]
    effective_date: Annotated[date, PSEUDONYMOUS]
    decision_date: Annotated[date | None, PSEUDONYMOUS] = None
    state: Annotated[MemberState | None, PSEUDONYMOUS] = None
    """As what they were admitted; of an admission only."""
    reason: Annotated[DepartureReason | None, PSEUDONYMOUS] = None
    """Of a departure only."""


class OrganisationEstablished(Event):
    """A unit exists from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-established.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]
    before: Annotated[None, PUBLIC] = None
    after: Annotated[OrganisationState, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationDissolved(Event):
    """A unit exists no more from `effective_date` on."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-dissolved.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    before: Annotated[OrganisationState, PUBLIC]
    after: Annotated[None, PUBLIC] = None
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationRenamed(Event):
    """A unit has another name from `effective_date` on, until a renaming of a later day; its code stays."""

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-renamed.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    name_before: Annotated[str, PUBLIC]
    name: Annotated[str, PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationReparented(Event):
    """A unit hangs under another one from `effective_date` on, and is perhaps a cell of the other kind then.

    A change may be recorded after changes of later days. Those of them that read otherwise now are taken back
    (`retracted`) and said anew (`stated`), so that sums stay right: -1 and +1 change places for the sides of a
    retracted step.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-reparented.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    before: Annotated[OrganisationState, PUBLIC]
    after: Annotated[OrganisationState, PUBLIC]
    retracted: Annotated[tuple[OrganisationStep, ...], PUBLIC] = ()
    stated: Annotated[tuple[OrganisationStep, ...], PUBLIC] = ()
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class OrganisationUpgraded(Event):
    """A grassroots cell became a grassroots committee (nâng chi bộ cơ sở thành đảng bộ cơ sở).

    `retracted` and `stated` as with OrganisationReparented.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-upgraded.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    before: Annotated[OrganisationState, PUBLIC]
    after: Annotated[OrganisationState, PUBLIC]
    retracted: Annotated[tuple[OrganisationStep, ...], PUBLIC] = ()
    stated: Annotated[tuple[OrganisationStep, ...], PUBLIC] = ()
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """None where the source does not state it."""


class MemberAdmitted(Event):
    """Somebody entered the register of a cell, on probation."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-admitted.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[MemberState, PSEUDONYMOUS]


class MemberReceived(Event):
    """Somebody came into the register from outside it (chuyển sinh hoạt đảng đến), for the first time or again."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-received.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[MemberState, PSEUDONYMOUS]
    official_on: Annotated[date | None, PSEUDONYMOUS] = None
    """Their confirmation; None for somebody on probation."""
    admission_decided_on: Annotated[date | None, PSEUDONYMOUS] = None
    """The decision on their admission to the party, from which party age counts; None where it is not stated."""


class MemberRestored(Event):
    """Somebody who had left is a member again, their party age kept (phục hồi đảng tịch)."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-restored.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[None, PSEUDONYMOUS] = None
    after: Annotated[MemberState, PSEUDONYMOUS]
    official_on: Annotated[date | None, PSEUDONYMOUS] = None
    """Their confirmation; None for somebody on probation."""


class MemberMoved(Event):
    """A member belongs to another cell from `effective_date` on: in one cell until then, in the other from then."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-moved.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    reason: Annotated[MoveReason, PSEUDONYMOUS]
    before: Annotated[MemberState, PSEUDONYMOUS]
    after: Annotated[MemberState, PSEUDONYMOUS]
    ended: Annotated[tuple[Spell, ...], PSEUDONYMOUS] = ()
    """The temporary stay that ended with it: they stayed where they now belong."""


class MemberProfileChanged(Event):
    """A member counts in other groups: out of the youth union, with another education, theory or occupation."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-profile-changed.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    profile: Annotated[ProfileChange, PSEUDONYMOUS]
    before: Annotated[MemberState, PSEUDONYMOUS]
    after: Annotated[MemberState, PSEUDONYMOUS]


class MemberConfirmed(Event):
    """A member on probation became an official member."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-confirmed.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    before: Annotated[MemberState, PSEUDONYMOUS]
    after: Annotated[MemberState, PSEUDONYMOUS]


class MemberLeft(Event):
    """A member left the register; the day of leaving no longer counts."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-left.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    reason: Annotated[DepartureReason, PSEUDONYMOUS]
    before: Annotated[MemberState, PSEUDONYMOUS]
    after: Annotated[None, PSEUDONYMOUS] = None
    ended: Annotated[tuple[Spell, ...], PSEUDONYMOUS] = ()
    """What held of them beside and ended with it."""


class MemberHistoryRestatedV2(Event):
    """What was known of a member's past was incomplete or wrong, and is now another; nothing is erased.

    `corrects` names the fact that was wrong by its number, which is the version of the member's event that stated
    it; None where a fact is only late. `fact` is what takes its place, None where it is withdrawn: it never was.
    `effective_date` is the first day that counts otherwise than before.

    A sum of signed deltas is restated by taking back the steps of the old history that are no longer true and
    adding those that now are: -1 and +1 change places for the sides of a retracted step.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.member-history-restated.v2"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    corrects: Annotated[int | None, PSEUDONYMOUS] = None
    fact: Annotated[Fact | None, PSEUDONYMOUS] = None
    retracted: Annotated[tuple[Step, ...], PSEUDONYMOUS]
    stated: Annotated[tuple[Step, ...], PSEUDONYMOUS]
    spells: Annotated[tuple[Spell, ...] | None, PSEUDONYMOUS] = None
    """All that held of them beside, by its days, where something of it is now another; None where nothing is."""


class MemberHistoryRestated(Event):
    """The first version of MemberHistoryRestatedV2, for logs that hold it; everything in it reads as the second."""

    TYPE: ClassVar[str] = "vn.chibo.membership.member-history-restated.v1"
    AGGREGATE: ClassVar[str] = "member"
    KEY: ClassVar[str] = "member_id"

    member_id: Annotated[UUID, PSEUDONYMOUS]
    corrects: Annotated[int | None, PSEUDONYMOUS] = None
    fact: Annotated[FirstFact | None, PSEUDONYMOUS] = None
    retracted: Annotated[tuple[Step, ...], PSEUDONYMOUS]
    stated: Annotated[tuple[Step, ...], PSEUDONYMOUS]


class OrganisationFactKind(StrEnum):
    """What a fact in a unit's history is about."""

    ESTABLISHED = "established"
    RENAMED = "renamed"
    REPARENTED = "reparented"
    UPGRADED = "upgraded"
    DISSOLVED = "dissolved"


class OrganisationFact(Value):
    """Something that is now said to have happened to a unit, as the history gives it from here on."""

    kind: Annotated[OrganisationFactKind, PUBLIC]
    effective_date: Annotated[date, PUBLIC]
    name: Annotated[str | None, PUBLIC] = None
    """Of an establishment and a renaming only."""
    state: Annotated[OrganisationState | None, PUBLIC] = None
    """What it became, and where; of an establishment and a reparenting only."""


class DatedName(Value):
    """What a unit is called from a day on."""

    effective_date: Annotated[date, PUBLIC]
    name: Annotated[str, PUBLIC]


class OrganisationHistoryRestated(Event):
    """What was known of a unit's past was wrong, and is now another; nothing is erased.

    `corrects` names the fact that was wrong by its number, which is the version of the unit's event that stated it.
    `fact` is what takes its place, None where it is withdrawn: it never was. `effective_date` is the first day that
    is otherwise than before.

    `retracted` and `stated` as with OrganisationReparented, here of all days; likewise the names. What was stated of
    a day before, and is retracted, rules on no day any more.
    """

    TYPE: ClassVar[str] = "vn.chibo.membership.organisation-history-restated.v1"
    AGGREGATE: ClassVar[str] = "organisation"
    KEY: ClassVar[str] = "organisation_id"

    organisation_id: Annotated[UUID, PUBLIC]
    code: Annotated[str, PUBLIC]
    corrects: Annotated[int, PUBLIC]
    fact: Annotated[OrganisationFact | None, PUBLIC]
    retracted: Annotated[tuple[OrganisationStep, ...], PUBLIC]
    stated: Annotated[tuple[OrganisationStep, ...], PUBLIC]
    names_retracted: Annotated[tuple[DatedName, ...], PUBLIC]
    names_stated: Annotated[tuple[DatedName, ...], PUBLIC]
    document: Annotated[DocumentRef | None, PUBLIC] = None
    """Of the fact as it is now, or of its withdrawal; None where the source does not state it."""


OrganisationMove = OrganisationReparented | OrganisationUpgraded
"""What a unit is or where it hangs became another."""
OrganisationEvent = (
    OrganisationEstablished
    | OrganisationRenamed
    | OrganisationMove
    | OrganisationDissolved
    | OrganisationHistoryRestated
)
MemberEntry = MemberAdmitted | MemberReceived | MemberRestored
MemberChange = MemberEntry | MemberConfirmed | MemberProfileChanged | MemberMoved | MemberLeft
"""What happened next in somebody's history: one step, from `before` to `after`."""
MemberEvent = MemberChange | SpellEvent | MemberHistoryRestatedV2
MembershipEvent = OrganisationEvent | MemberEvent

EVENTS: tuple[type[Event], ...] = (
    OrganisationEstablished,
    OrganisationDissolved,
    MemberAdmitted,
    MemberConfirmed,
    MemberLeft,
    MemberHistoryRestated,
    OrganisationRenamed,
    OrganisationReparented,
    OrganisationUpgraded,
    MemberReceived,
    MemberRestored,
    MemberMoved,
    MemberProfileChanged,
    MemberHistoryRestatedV2,
    *spells.EVENTS,
    OrganisationHistoryRestated,
)
