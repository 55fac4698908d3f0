"""Lives of meetings over HTTP on a real database, with their steps in any order: what is out of order is a 409."""

import random

import pytest

from contracts.meetings import MeetingStatus
from tests.integration import test_meetings
from tests.integration.test_meetings import HELD, MEMBERS, planned, roll
from tests.meeting_life import STEPS, Model

told, client = test_meetings.told, test_meetings.client

BOTH = {"chair_id": str(MEMBERS[0]), "recorder_id": str(MEMBERS[1])}
POINTS = dict.fromkeys(
    ["duration", "attendance", "preparation", "procedure", "content", "chairing", "principles", "results", "closing"],
    1,
)  # fmt: skip


def asked(step, number):
    """Where a step is sent, and what with; the number makes each another one."""
    by = {"approved_on": "2026-03-04", "approved_by": list(BOTH.values())}
    return {
        "agree": ("agreement", {"agreed_on": "2026-02-27"}),
        "announce": ("announcement", {"told_at": "2026-03-01T08:00:00+07:00"}),
        "move": ("schedule", {"starts_at": HELD["began_at"], "place": f"Phòng {number}"}),
        "renew": ("schedule", {"starts_at": HELD["began_at"], "agenda": [f"Nội dung {number}"]}),
        "postpone": ("postponement", {"reason": "epidemic", "on": "2026-03-01"}),
        "cancel": ("cancellation", {"reason": "other", "on": "2026-03-01"}),
        "hold": ("holding", HELD | {"roll": roll()}),
        "score": ("scores", {"kind": "official", "decided_on": "2026-03-05", "points": POINTS}),
        "write_down": ("proceedings", BOTH | {"directions": [f"Việc {number}"]}),
        "vote": ("resolutions", {"subject": f"Về {number}", "text": "Nội dung", "in_favour": 4}),
        "assign": (
            "tasks",
            {"member_id": BOTH["chair_id"], "text": f"Việc {number}", "due_on": "2026-03-25"},
        ),
        "approve": ("approval", by),
        "report_up": ("reporting", {"sent_on": "2026-03-05"}),
        "correct": ("corrections", by | {"reason": "Nhầm", "place": f"Hội trường {number}"}),
    }[step]


@pytest.mark.parametrize("seed", [5, 8])
async def test_steps_in_any_order_go_through_or_are_a_conflict_that_changes_nothing(client, pool, seed):
    chance, model = random.Random(seed), Model()
    id_, events, corrections = (await planned(client))["id"], 1, 0
    for number in range(90):
        # Now and then any step; mostly one that is in order, or most lives would end early, and few be long.
        able = [step for step in STEPS if model.may(step) and step not in {"cancel", "postpone"}]
        step = chance.choice(able if chance.random() < 0.5 else STEPS)
        if step == "cancel" and number < 80:
            continue
        path, body = asked(step, number)
        answer = await client.post(f"/v1/meetings/{id_}/{path}", json=body)
        assert (answer.status_code < 300) == model.may(step), f"{step}: {answer.text}"
        if model.may(step):
            model.take(step)
            events, corrections = events + (step != "assign"), corrections + (step == "correct")
        else:
            assert answer.status_code == 409, f"{step}: {answer.text}"
        meeting = (await client.get(f"/v1/meetings/{id_}")).json()
        assert (meeting["status"], meeting["version"]) == (model.status, events)
    assert model.approved, "the seed is of a whole life"
    assert model.status is MeetingStatus.HELD
    book = (await client.get("/v1/cells/K.01/book", params={"limit": 500})).json()["items"]
    assert [page["number"] for page in book if page["kind"] == "correction"] == list(
        range(1, corrections + 1)
    )
    numbers = [page["number"] for page in book if page["kind"] == "resolution"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert (await client.get("/v1/book-verification")).json()["whole"]
    versions = await pool.fetch(
        "SELECT aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY 1", id_
    )
    assert [row["aggregate_version"] for row in versions] == list(range(1, events + 1))
