"""What pages say: the parts of a resolution and of minutes, and one text for one value."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.meetings import Attender, MeetingKind, MeetingPlan, MeetingStatus, Presence, Roll
from services.meetings.book.pages import Approved, canonical, minutes_content, resolution_content
from services.meetings.domain import Meeting
from services.meetings.resolutions.domain import Record

ID = UUID(int=7)
PLAN = MeetingPlan(
    cell_id=ID, kind=MeetingKind.REGULAR, month=date(2026, 3, 1),
    starts_at=datetime(2026, 3, 3, 7, 30, tzinfo=UTC), thematic=False,
)  # fmt: skip
RESOLUTION = {
    "id": ID, "series": "2025–2030", "number": 4, "subject": "Nhiệm vụ", "text": "Nội dung",
    "voted_on": date(2026, 3, 3), "majority": "more_than_half", "in_favour": 5, "against": 1, "abstained": 0,
    "voters": 6, "base": 8, "carried": True,
}  # fmt: skip
CONTENTS = {
    "proceedings": {
        "chair_id": ID, "recorder_id": ID, "guests": ["Khách"], "directions": ["Tháng tới"], "conclusions": [],
        "opinions": [{"speaker_id": None, "text": "Góp ý"}], "absences": [{"member_id": ID, "reason": "Ốm"}],
    },
    "resolutions": [RESOLUTION],
    "tasks": [{"id": ID, "member_id": ID, "text": "Việc", "due_on": date(2026, 3, 25)}],
    "evaluations": [{"task_id": ID, "result": "done_late"}],
    "minutes": None,
}  # fmt: skip
APPROVED = Approved(
    record=Record(
        meeting=Meeting(
            id=ID, plan=PLAN, place="Phòng họp", theme=None, agenda=("Đánh giá",), status=MeetingStatus.HELD,
            minutes=95,
        ),
        roll=(Attender(member_id=ID, roll=Roll.OFFICIAL, presence=Presence.EXCUSED),),
    ),
    cell_code="K.01", cell_name="Chi bộ", contents=CONTENTS, documents=["ff", "00"], approved_on=date(2026, 3, 4),
    self_score={"guidance": "42", "points": "{}", "total": Decimal("92.50"), "grade": "good",
                "decided_on": date(2026, 3, 3)},
)  # fmt: skip


def test_a_resolution_has_its_four_parts_and_its_votes():
    said = json.loads(resolution_content(APPROVED, RESOLUTION))
    assert said["evaluations"] == [{"result": "done_late", "task_id": str(ID)}]
    assert said["directions"] == ["Tháng tới"]
    assert said["tasks"][0]["due_on"] == "2026-03-25"
    assert said["self_score"]["total"] == "92.50"
    assert (said["votes"]["in_favour"], said["votes"]["base"], said["number"]) == (5, 8, 4)
    assert said["documents"] == ["00", "ff"]
    assert "opinions" not in said


def test_minutes_have_what_a_meeting_was_and_who_was_where():
    said = json.loads(minutes_content(APPROVED, series="2025–2030", number=9))
    assert (said["number"], said["place"], said["minutes"]) == (9, "Phòng họp", 95)
    assert said["meeting"]["began_at"] == "2026-03-03T07:30:00+00:00"
    assert said["roll"][0]["presence"] == "excused"
    assert said["absences"] == [{"member_id": str(ID), "reason": "Ốm"}]
    assert said["opinions"] == [{"speaker_id": None, "text": "Góp ý"}]
    assert said["resolutions"][0]["text"] == "Nội dung"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=5))
def test_one_value_has_one_text_in_whatever_order_it_was_put_together(value):
    text = canonical(value)
    assert canonical(dict(reversed(value.items()))) == text
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_what_has_no_form_is_refused():
    with pytest.raises(TypeError):
        canonical({"what": object()})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))
