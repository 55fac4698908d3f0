"""What leaves membership: the whole stream to this system's services, nothing of a person to others."""

from datetime import UTC, date, datetime
from uuid import uuid4

from chassis.sequencer import StreamedEvent
from contracts.membership import (
    Gender,
    MemberAdmitted,
    MemberState,
    OrganisationEstablished,
    OrganisationState,
    OrganisationType,
    Standing,
)
from contracts.membership_public import UnitEstablished
from services.membership.app import SERVICE
from services.membership.publications import PUBLICATIONS, public


def streamed(event) -> StreamedEvent:
    return StreamedEvent(
        sequence=1, position=1, aggregate_id=event.aggregate_id, aggregate_version=1, type=event.TYPE,
        payload=event.model_dump_json(), traceparent=None, recorded_at=datetime(2020, 1, 1, tzinfo=UTC), hash=b"",
    )  # fmt: skip


def test_a_unit_is_told_in_its_public_form():
    event = OrganisationEstablished(
        effective_date=date(2020, 1, 1), organisation_id=uuid4(), code="K", name="Đảng bộ Khối",
        after=OrganisationState(type=OrganisationType.BLOC, parent_id=None),
    )  # fmt: skip
    form = public(streamed(event))
    assert form.type == UnitEstablished.TYPE
    assert form.key == event.organisation_id
    assert UnitEstablished.model_validate_json(form.value).name == "Đảng bộ Khối"


def test_nothing_is_told_of_a_member():
    state = MemberState(
        cell_id=uuid4(), standing=Standing.PROBATIONARY, gender=Gender.MALE, ethnic_minority=False,
        religious=False, youth_union=False, birth_date=date(1990, 1, 1),
    )  # fmt: skip
    assert (
        public(streamed(MemberAdmitted(effective_date=date(2020, 1, 1), member_id=uuid4(), after=state)))
        is None
    )


def test_the_service_has_its_topics_and_its_migrations():
    assert [publication.topic for publication in PUBLICATIONS] == [
        "chibo.membership.internal.v1",
        "chibo.membership.public.v1",
    ]
    assert SERVICE.publications == PUBLICATIONS
    names = [path.name for path in SERVICE.migrations]
    assert names == sorted(names)
    assert {path.parent.parent.name for path in SERVICE.migrations} == {"membership"}
    assert names[:3] == [
        "20260101000001_organisations.sql",
        "20260101000002_members.sql",
        "20260101000003_personal_data_reads.sql",
    ]
