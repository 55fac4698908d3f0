"""Visits and findings over HTTP on a real database: what is recorded, refused, put right, mended and comes again."""

import asyncio
import io
import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import openpyxl
import pytest

from chassis.event_log import EventLog
from chassis.jobs import JobRunner
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.meetings import (
    AttendanceFigures,
    InterruptionReason,
    MeetingCancelled,
    MeetingHeld,
    MeetingKind,
    MeetingPlan,
    MeetingPlanned,
)
from contracts.membership import OrganisationReparented, OrganisationState, OrganisationType
from services.inspection.findings.watch import FINDINGS_OVERDUE
from services.inspection.imports.columns import FINDINGS, VISITS
from tests.integration.chassis_way import until
from tests.integration.served import problem
from tests.integration.test_inspection import (  # noqa: F401 - fixtures among them
    ALONE,
    ANN,
    BEN,
    CELL,
    HEALTH,
    client,
    formed,
    get,
    post,
    seated,
    told,
)
from tests.papers import text_of_docx, text_of_pdf

POINTS = {
    "duration": 5, "attendance": 5, "preparation": 8, "procedure": 5, "content": 20, "chairing": 8,
    "principles": 5, "results": 25, "closing": 4.5,
}  # fmt: skip
REPORT = {
    "books": [
        {"book": "member_list", "present": True, "up_to_date": False, "remark": "Chưa đối chiếu quý II."}
    ],
    "steps": [{"step": "roll_called", "followed": True}],
    "axes": [
        {"axis": "quality", "grade": "good"},
        {"axis": "content", "grade": "fair", "comment": "Ông Nguyễn Văn A nói dài."},
    ],
    "points": POINTS,
    "guidance": "Gửi dự thảo trước.",
}
VERBOSE = {"limitation": "verbosity", "severity": "minor", "summary": "Đánh giá kéo dài."}


@pytest.fixture
async def meeting(client, told):  # noqa: F811
    """Tell of meetings of cells; of a cell's month, held at half past two on a day."""

    async def meeting(day=date(2020, 6, 3), cell=ALONE, *, held=True, cancelled=False):
        at = datetime(day.year, day.month, day.day, 7, 30, tzinfo=UTC)
        plan = MeetingPlan(
            cell_id=cell, kind=MeetingKind.REGULAR, month=day.replace(day=1), starts_at=at, thematic=False
        )
        id_ = uuid4()
        events = [MeetingPlanned(effective_date=day, meeting_id=id_, after=plan)]
        if held:
            came = AttendanceFigures(counted=3, present=3, excused=0, unexcused=0)
            events.append(
                MeetingHeld(
                    effective_date=day, meeting_id=id_, plan=plan, minutes=90, attendance=came, attenders=()
                )
            )
        if cancelled:
            events.append(
                MeetingCancelled(
                    effective_date=day, meeting_id=id_, before=plan, reason=InterruptionReason.EPIDEMIC
                )
            )
        await told(*events)
        return str(id_)

    return meeting


async def visited(client, id_, status=201, **other):  # noqa: F811
    return await post(client, "visits", status, **({"meeting_id": id_, "team_code": "TCT-1"} | other))


async def events_of(pool, aggregate):
    rows = await pool.fetch(
        "SELECT type, payload FROM event_log WHERE aggregate_id = $1 ORDER BY aggregate_version",
        UUID(aggregate),
    )
    return [(row["type"].rsplit(".", 2)[1], json.loads(row["payload"])) for row in rows]


async def test_no_visit_is_recorded_of_a_team_that_is_withdrawn_meanwhile(client, meeting, pool):  # noqa: F811
    await formed(client)
    id_ = await meeting()
    waiting = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = $1)"
    async with pool.acquire() as other:
        database = await other.fetchval("SELECT current_database()")
        async with other.transaction():  # as the team's withdrawal does, up to its commit
            await other.execute("SELECT FROM teams WHERE code = 'TCT-1' FOR UPDATE")
            await other.execute("UPDATE teams SET withdrawn = true WHERE code = 'TCT-1'")
            asked = {"meeting_id": id_, "team_code": "TCT-1"}
            recording = asyncio.create_task(client.post("/v1/visits", json=asked))
            await until(lambda: pool.fetchval(waiting, database))
    assert problem(await recording, 404) == "unknown-team"
    assert await pool.fetchval("SELECT count(*) FROM visits") == 0


async def test_a_visit_is_recorded_put_right_and_taken_back(client, meeting, pool):  # noqa: F811
    await formed(client)
    await seated(client)
    first = await visited(client, await meeting(), visitor_ids=[str(ANN)], **REPORT)
    assert problem(await client.post("/v1/teams/TCT-1/withdrawal", json={}), 409) == "team-has-visits"
    assert (first["cell_code"], first["visited_on"], first["month"]) == ("K.02", "2020-06-03", "2020-06")
    assert (first["total"], first["grade"], first["warnings"]) == (85.5, "fair", [])
    assert first["score"]["guidance"] == {"number": "12-HD/BTCTW", "date": "2018-07-06"}
    assert [one["axis"] for one in first["axes"]] == ["content", "quality"]
    path = f"visits/{first['id']}"
    again = await post(
        client, f"{path}/correction", axes=[{"axis": "content", "grade": "poor"}], unscored=True
    )
    assert (again["axes"], again["score"]) == ([{"axis": "content", "grade": "poor", "comment": None}], None)
    assert again["books"] == first["books"]
    answer = await client.post(f"/v1/{path}/correction", json={}, headers={"If-Match": '"2"'})
    assert problem(answer, 409) == "nothing-changes"
    stale = await client.post(f"/v1/{path}/withdrawal", json={}, headers={"If-Match": '"1"'})
    assert problem(stale, 412) == "precondition-failed"
    await post(client, f"{path}/withdrawal")
    assert (await get(client, "visits"))["items"] == []
    assert (await get(client, path))["withdrawn"]
    events = await events_of(pool, first["id"])
    assert [type_ for type_, _ in events] == ["visit-recorded", "visit-restated", "visit-restated"]
    assert [event["before"]["axes"] for _, event in events[1:]] == [
        event["after"]["axes"] for _, event in events[:2]
    ]
    assert events[2][1]["after"] is None
    told_all = json.dumps(events, ensure_ascii=False)
    assert not [word for word in ("Nguyễn", "đối chiếu", "dự thảo") if word in told_all], "words stay here"
    assert len((await get(client, f"{path}/history"))["items"]) == 3
    reads = await pool.fetch("SELECT resource FROM personal_data_reads ORDER BY id")
    assert [row["resource"] for row in reads] == [f"visit:{first['id']}", f"visit-history:{first['id']}"]


async def test_what_cannot_have_been_a_visit_is_refused_by_name(client, meeting):  # noqa: F811
    await formed(client)
    await seated(client)
    day = date(2020, 6, 3)
    other = await meeting()
    for asked, status, type_ in (
        ({"meeting_id": str(uuid4())}, 422, "unknown-meeting"),
        ({"meeting_id": await meeting(held=False, cancelled=True)}, 409, "meeting-cancelled"),
        ({"meeting_id": await meeting(date(2999, 1, 5), held=False)}, 422, "visit-to-come"),
        ({"meeting_id": await meeting(date(2020, 1, 6))}, 409, "outside-team"),
        ({"meeting_id": await meeting(date(2018, 1, 6))}, 422, "no-rules-then"),
        ({"meeting_id": await meeting(day, CELL), "visitor_ids": [str(ANN)]}, 422, "own-cell"),
        ({"meeting_id": other, "visitor_ids": [str(uuid4())]}, 422, "not-in-register"),
        ({"meeting_id": other, "books": [{"book": "novel", "present": True}]}, 422, "not-on-checklist"),
        ({"meeting_id": other, "axes": [REPORT["axes"][0]] * 2}, 422, "said-twice"),
        (
            {"meeting_id": other, "books": [{"book": "fees", "present": False, "correct": True}]},
            422,
            "book-not-there",
        ),
        ({"meeting_id": other, "points": POINTS | {"closing": 6}}, 422, "points-impossible"),
        ({"meeting_id": other, "points": {"closing": 5}}, 422, "points-impossible"),
        ({"meeting_id": other, "team_code": "TCT-9"}, 404, "unknown-team"),
        ({"meeting_id": other, "assignment_id": str(uuid4())}, 422, "unknown-assignment"),
    ):
        answer = await client.post("/v1/visits", json={"team_code": "TCT-1"} | asked)
        assert problem(answer, status) == type_, answer.text
    assert (await get(client, "visits"))["items"] == []
    unusual = await visited(
        client, await meeting(held=False), visited_on="2020-06-04", visitor_ids=[str(BEN)]
    )
    assert [one["code"] for one in unusual["warnings"]] == [
        "not-the-meetings-day", "meeting-not-held", "not-in-team",
    ]  # fmt: skip
    answers = await asyncio.gather(
        *(client.post("/v1/visits", json={"meeting_id": other, "team_code": "TCT-1"}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_finding_is_remedied_reported_reopened_and_closed(client, meeting, pool):  # noqa: F811
    await formed(client)
    visit = await visited(client, await meeting())
    one = await post(client, f"visits/{visit['id']}/findings", 201, **VERBOSE)
    copy = await client.get(f"/v1/visits/{one['visit_id']}", headers={"If-None-Match": '"1@0"'})
    assert (copy.status_code, copy.headers["ETag"]) == (200, '"1@1"'), "a copy without the finding is another"
    assert (one["state"], one["axis"], one["due_on"]) == ("open", "chairing", "2020-08-02")
    assert one["owner"] == {"unit_code": "K.02", "position": "secretary", "member_id": None}
    path = f"findings/{one['id']}"

    async def refused(step, status, type_, **asked):
        answer = await client.post(f"/v1/{path}/{step}", json={"on": "2020-06-20"} | asked)
        assert problem(answer, status) == type_, answer.text

    await refused("confirmation", 409, "finding-out-of-order")
    await refused("reopening", 409, "finding-out-of-order", due_on="2020-07-01", note="Vẫn thế")
    await post(client, f"{path}/remedy", on="2020-06-10")
    await refused("remedy", 409, "finding-out-of-order")
    await refused("report", 422, "evidence-missing")
    await refused("report", 422, "finding-before", on="2020-06-09", note="Đã sửa")
    await refused("report", 422, "finding-to-come", on="2999-06-09", note="Đã sửa")
    await post(client, f"{path}/report", on="2020-06-20", note="Đã sửa quy chế.")
    await refused("reopening", 422, "reason-missing", due_on="2020-07-01")
    await post(client, f"{path}/reopening", on="2020-06-25", note="Vẫn kéo dài.", due_on="2020-07-10")
    await post(client, f"{path}/report", on="2020-07-01", note="Đã giới hạn giờ.")
    done = await post(client, f"{path}/confirmation", on="2020-07-03")
    assert (done["state"], done["reopened"], done["since"]) == ("closed", 1, "2020-07-03")
    assert [step["state"] for step in done["steps"]] == [
        "open", "remedying", "reported", "open", "reported", "closed",
    ]  # fmt: skip
    answer = await client.post(f"/v1/visits/{visit['id']}/withdrawal", json={})
    assert problem(answer, 409) == "visit-has-findings"
    events = await events_of(pool, one["id"])
    assert [event["before"] for _, event in events[1:]] == [event["after"] for _, event in events[:-1]]
    assert "kéo dài" not in json.dumps(events, ensure_ascii=False)


async def test_what_comes_again_is_told_however_late_the_first_is_known(client, meeting, pool):  # noqa: F811
    await formed(client)
    june, april, may = [await visited(client, await meeting(date(2020, month, 3))) for month in (6, 4, 5)]
    found = [
        await post(client, f"visits/{visit['id']}/findings", 201, **VERBOSE) for visit in (june, april, may)
    ]
    answer = await client.post(f"/v1/visits/{may['id']}/findings", json=VERBOSE)
    assert problem(answer, 409) == "found-already"

    async def chain():
        return [(await get(client, f"findings/{one['id']}"))["recurrence_of"] for one in found]

    assert await chain() == [found[2]["id"], None, found[1]["id"]]
    await post(client, f"findings/{found[2]['id']}/withdrawal")
    assert (await chain())[:2] == [found[1]["id"], None]
    await post(client, f"findings/{found[1]['id']}/correction", limitation="awkwardness")
    assert (await chain())[:2] == [None, None]
    recurrent = await get(client, "findings", recurrent="true")
    assert recurrent["items"] == []
    events = await events_of(pool, found[0]["id"])
    assert [event["after"].get("recurrence_of") for _, event in events] == [
        None, found[1]["id"], found[2]["id"], found[1]["id"], None,
    ]  # fmt: skip


async def test_an_overdue_finding_is_told_once_to_the_unit_above(client, meeting, pool, database_url):  # noqa: F811
    await formed(client)
    visit = await visited(client, await meeting(cell=CELL))
    one = await post(client, f"visits/{visit['id']}/findings", 201, **VERBOSE, due_on="2020-07-01")
    resources = Resources(pool, EventLog(1_000_000), Settings(database_url=database_url, kafka="127.0.0.1:1"))

    def turn(day):
        instant = datetime(day.year, day.month, day.day, 16, 59, tzinfo=UTC)
        return JobRunner(FINDINGS_OVERDUE, resources, lambda: instant).turn()

    await turn(date(2020, 7, 1))
    assert not (await get(client, f"findings/{one['id']}"))["overdue"], "its day is not over before midnight"
    await asyncio.gather(*(turn(date(2020, 7, 2)) for _ in range(3)))
    await turn(date(2020, 7, 3))
    events = await events_of(pool, one["id"])
    assert [type_ for type_, _ in events] == ["finding-opened", "finding-overdue"]
    assert events[1][1]["effective_date"] == "2020-07-02"
    assert events[1][1]["escalated_to"] == str(HEALTH)
    assert len((await get(client, "findings", overdue="true"))["items"]) == 1
    await post(client, f"findings/{one['id']}/correction", due_on="2020-12-01")
    assert not (await get(client, f"findings/{one['id']}"))["overdue"]
    for _ in range(2):
        carried = await post(client, "findings/carry-over", year=2021)
        assert carried["ids"] in ([one["id"]], [])
    assert (await get(client, f"findings/{one['id']}"))["carried_into"] == 2021
    assert [type_ for type_, _ in await events_of(pool, one["id"])][2:] == [
        "finding-restated", "finding-carried-over",
    ]  # fmt: skip


async def test_lists_are_read_by_unit_team_and_days(client, meeting):  # noqa: F811
    await formed(client)
    days = [date(2020, 3, 3) + timedelta(days=7 * week) for week in range(3)]
    cells = (ALONE, CELL, CELL)
    made = [await visited(client, await meeting(day, cell)) for day, cell in zip(days, cells, strict=True)]
    await post(client, f"visits/{made[1]['id']}/findings", 201, **VERBOSE)
    page = await get(client, "visits", unit="K.01", limit=1)
    assert [one["id"] for one in page["items"]] == [made[1]["id"]]
    rest = await get(client, "visits", unit="K.01", limit=1, cursor=page["next"])
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([made[2]["id"]], None)
    assert len((await get(client, "visits", team="TCT-1", to="2020-03-10"))["items"]) == 2
    assert len((await get(client, "findings", unit="K.01.01", state="open"))["items"]) == 1
    assert (await get(client, "findings", unit="K.02"))["items"] == []
    assert problem(await client.get("/v1/visits?unit=K.99"), 404) == "unknown-unit"
    assert problem(await client.get("/v1/findings?team=X"), 404) == "unknown-team"


def table(format_, *rows):
    header = [column.name for column in format_.columns]
    lines = [",".join(row.get(name, "") for name in header) for row in rows]
    return "\n".join([",".join(header), *lines, ""]).encode()


async def imported(client, kind, format_, *rows, status=200, **asked):  # noqa: F811
    answer = await client.post(
        f"/v1/imports/{kind}",
        content=table(format_, *rows),
        headers={"Content-Type": "text/csv"},
        params=asked,
    )
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_past_visits_and_findings_come_from_files_once_and_are_evaluated(client, meeting, told):  # noqa: F811
    await formed(client)
    await post(client, "teams/TCT-1/area", from_on="2020-01-15", unit_codes=["K.01"])
    days = (date(2020, 3, 3), date(2020, 5, 5))
    for day in days:
        await meeting(day, CELL)
    rows = [
        {"team_code": "TCT-1", "cell_code": "K.01.01", "kind": "Định kỳ", "month": f"{day.month}/2020",
         "grade_content": grade, "books_outdated": "fees", "books_missing": "-", "steps_missed": "-",
         **{f"points_{criterion}": str(points) for criterion, points in POINTS.items()}}
        for day, grade in zip(days, ("Tốt", "kha"), strict=True)
    ]  # fmt: skip
    bad = rows[0] | {"cell_code": "K.99"}
    refusal = await imported(client, "visits", VISITS, rows[0], bad, status=422)
    assert [(one["line"], one["code"]) for one in refusal["errors"]] == [(3, "unknown-cell")]
    assert (await get(client, "visits"))["items"] == [], "nothing half done"
    assert (await imported(client, "visits", VISITS, *rows, dry_run="true"))["imported"] == 2
    assert (await get(client, "visits"))["items"] == []
    assert (await imported(client, "visits", VISITS, bad, *rows, on_error="skip"))["imported"] == 2
    assert (await imported(client, "visits", VISITS, *rows))["unchanged"] == 2
    other = await imported(client, "visits", VISITS, rows[0] | {"grade_content": "Kém"}, status=422)
    assert other["errors"][0]["code"] == "recorded-otherwise"

    lacking = [
        {name: row[name] for name in ("team_code", "cell_code", "kind", "month")}
        | {"limitation": "verbosity", "severity": "Nhẹ", "summary": "Dài dòng", "due_on": "2020-05-20"}
        for row in rows
    ]
    done = {"reported_on": "10/04/2020", "evidence": "Biên bản tháng 4"}
    assert (await imported(client, "findings", FINDINGS, lacking[0] | done, lacking[1]))["events"] == 3
    on = {"closed_on": "2020-04-20"}
    assert (await imported(client, "findings", FINDINGS, lacking[0] | done | on, lacking[1]))["events"] == 1
    assert (await imported(client, "findings", FINDINGS, lacking[0] | done | on, lacking[1]))[
        "unchanged"
    ] == 2
    refusal = await imported(client, "findings", FINDINGS, lacking[0] | {"month": "2020-09"}, status=422)
    assert refusal["errors"][0]["code"] == "unknown-meeting"

    # What was put right of a finding that is closed by now says nothing of how far it was before.
    first = (await get(client, "findings", state="closed"))["items"][0]["id"]
    await post(client, f"findings/{first}/correction", severity="moderate")
    [march] = (await get(client, "evaluations", **{"from": "2020-03", "to": "2020-03"}))["items"]
    assert (march["findings"]["closed"], march["findings"]["unsettled"]) == (0, 1)
    [year] = (await get(client, "evaluations", **{"from": "2020-01", "to": "2020-12"}, team="TCT-1"))["items"]
    assert (year["visits"], year["cells"], year["visited"], year["percent"]) == (2, 2, 1, 50.0)
    assert year["axes"] == {"content": 3.5}
    assert year["findings"] == {"opened": 2, "closed": 1, "overdue": 1, "unsettled": 1, "recurrent": 1}
    quarters = await get(
        client, "evaluations", **{"from": "2020-01", "to": "2020-12"}, by="quarter", unit="K.01.01"
    )
    assert [one["visits"] for one in quarters["items"]] == [1, 1, 0, 0]
    assert [one["findings"]["overdue"] for one in quarters["items"]] == [0, 1, 1, 1]
    listed = await get(client, "limitations", year=2020)
    [one] = listed["items"]
    assert (one["label"], one["found"], one["cells"], one["recurrent"]) == ("Dài dòng", 2, 1, 1)
    assert [left["cell_code"] for left in listed["unsettled"]] == ["K.01.01"]
    assert (await get(client, "limitations", year=2020, unit="K.02"))["items"] == []
    texts = {}
    for form, read in (("pdf", text_of_pdf), ("docx", text_of_docx)):
        paper = await client.get("/v1/limitations/paper", params={"year": 2020, "format": form})
        assert paper.status_code == 200, paper.text
        texts[form] = read(paper.content)
        for text in (
            "DANH MỤC HẠN CHẾ",
            "TỔ CHỨC K",
            "năm 2021",
            "Điều hành của người chủ trì",
            "Dài dòng",
            "Tổ chức K.01.01",
            "05/05/2020",
            "chưa khắc phục",
        ):
            assert text in texts[form]
    empty = await client.get("/v1/limitations/paper", params={"year": 2019, "unit": "K.01", "format": "docx"})
    assert "Không nêu hạn chế nào." in text_of_docx(empty.content)
    assert "TỔ CHỨC K.01" in text_of_docx(empty.content)
    before = OrganisationState(type=OrganisationType.SUBORDINATE_CELL, parent_id=HEALTH)
    after = before.model_copy(update={"parent_id": UUID(int=77)})
    moved = date(2020, 4, 15)
    await told(OrganisationReparented(effective_date=moved, organisation_id=CELL, before=before, after=after))
    year = await get(client, "evaluations", **{"from": "2020-01", "to": "2020-12"}, by="quarter", unit="K.01")
    assert [(one["visits"], one["cells"]) for one in year["items"]] == [(1, 2), (0, 1), (0, 1), (0, 1)], (
        "a visit counts where its cell was on its day"
    )
    wrong = await client.get("/v1/evaluations?from=2020-12&to=2020-01")
    assert problem(wrong, 422) == "too-many-months"


async def test_a_file_does_not_bring_back_what_was_withdrawn(client, meeting):  # noqa: F811
    await formed(client)
    id_ = await meeting()
    row = {"team_code": "TCT-1", "cell_code": "K.02", "kind": "Định kỳ", "month": "2020-06"}
    lacking = row | {"axis": "quality", "severity": "Nhẹ", "summary": "Hình thức"}
    await imported(client, "visits", VISITS, row)
    await imported(client, "findings", FINDINGS, lacking)
    [finding] = (await get(client, "findings"))["items"]
    await post(client, f"findings/{finding['id']}/withdrawal")
    refusal = await imported(client, "findings", FINDINGS, lacking, status=422)
    assert [one["code"] for one in refusal["errors"]] == ["finding-withdrawn"]
    await post(client, f"visits/{finding['visit_id']}/withdrawal")
    refusal = await imported(client, "visits", VISITS, row, status=422)
    assert [one["code"] for one in refusal["errors"]] == ["visit-withdrawn"]
    assert (await imported(client, "visits", VISITS, row, on_error="skip"))["imported"] == 0
    await visited(client, id_)
    assert (await imported(client, "visits", VISITS, row))["unchanged"] == 1, "recorded anew by hand"


async def test_a_file_is_attached_once_and_shows_that_a_finding_is_mended(client, meeting, pool):  # noqa: F811
    await formed(client)
    visit = await visited(client, await meeting())
    path = f"/v1/visits/{visit['id']}/attachments"
    photograph = b"\x89PNG\r\n\x1a\n" + b"s" * 40
    for status in (201, 200):
        answer = await client.post(path, content=photograph, params={"file_name": "so bien ban"})
        assert answer.status_code == status, answer.text
    kept = answer.json()
    assert (kept["file_name"], kept["media_type"], kept["size"]) == ("so bien ban.png", "image/png", 48)
    assert [one["id"] for one in (await get(client, path.removeprefix("/v1/")))["items"]] == [kept["id"]]
    back = await client.get(f"{path}/{kept['id']}")
    assert (back.content, back.headers["content-type"]) == (photograph, "image/png")
    assert problem(await client.post(path, content=b"MZ"), 422) == "file-kind-unknown"
    assert problem(await client.get(f"{path}/{uuid4()}"), 404) == "unknown-attachment"
    [told_of] = await events_of(pool, kept["id"])
    assert (told_of[0], told_of[1]["sha256"]) == ("visit-file-attached", kept["sha256"])
    one = await post(client, f"visits/{visit['id']}/findings", 201, **VERBOSE)
    report = {"on": "2020-06-20", "attachment_ids": [str(uuid4())]}
    answer = await client.post(f"/v1/findings/{one['id']}/report", json=report)
    assert problem(answer, 422) == "unknown-attachment"
    done = await post(client, f"findings/{one['id']}/report", **(report | {"attachment_ids": [kept["id"]]}))
    assert (done["state"], done["attachment_ids"]) == ("reported", [kept["id"]])


async def test_a_sheet_goes_out_for_a_meeting_and_comes_back_as_a_visit_or_as_nothing(client, meeting):  # noqa: F811
    await formed(client)
    await seated(client)
    asked = {"meeting_id": await meeting(), "team": "TCT-1", "visitor_id": str(ANN)}
    out = await client.get("/v1/visit-form", params=asked)
    assert out.status_code == 200, out.text
    sheet = Workbook(out.content)
    assert "K.02" in sheet.text
    blank = await client.post("/v1/visit-forms", content=b"PK no workbook")
    assert problem(blank, 422) == "not-a-workbook"

    sheet.fill("book:member_list", "Có", "không", "Có", "Chưa đối chiếu")
    sheet.fill("step:roll_called", "Có")
    sheet.fill("axis:content", "Kha", "Chủ đề rộng")
    for criterion, points in POINTS.items():
        sheet.fill(f"points:{criterion}", points)
    sheet.fill("text:guidance", "Gửi dự thảo trước.")
    sheet.fill("finding:1", "Dài dòng", "Nhẹ", "20/06/2020", "Đánh giá kéo dài.")
    sheet.fill("finding:2", "Khác: Công tác tổ chức", "Vừa", None, "Chưa phân công.")
    for code, values, fault in (
        ("points:closing", (6,), "points-impossible"),
        ("axis:quality", ("Tuyệt",), "unknown-word"),
        ("step:agenda_adopted", (None, "Không rõ"), "value-missing"),
        ("meta:visited_on", ("30/02/2020",), "day-unreadable"),
        ("finding:1", ("Ồn", "Nhẹ", None, "Ồn ào"), "unknown-word"),
        ("finding:1", ("Dài dòng", "Nhẹ", "01/01/2020", "Kéo dài"), "due-before-found"),
        ("finding:2", ("Dài dòng", "Nhẹ", None, "Lại kéo dài"), "found-already"),
    ):
        wrong = Workbook(sheet.content())
        wrong.fill(code, *values)
        answer = await client.post("/v1/visit-forms", content=wrong.content())
        assert problem(answer, 422 if fault != "found-already" else 409) == fault, answer.text
        column = answer.json()["errors"][0]["column"]
        assert column[1:] == str(wrong.row(code)), "it says in which cell"
    copied, other_list = Workbook(sheet.content()), Workbook(sheet.content())
    copied.sheet.append(["finding:1", "Hạn chế 7", "Dài dòng", "Nhẹ", None, "Một hạn chế nữa."])
    other_list.sheet.append(["book:diary", "Nhật ký", "Có"])
    for wrong, fault in ((copied, "said-twice"), (other_list, "not-on-checklist")):
        answer = await client.post("/v1/visit-forms", content=wrong.content())
        assert problem(answer, 422) == fault, "what would be lost is told"
        assert answer.json()["errors"][0]["column"][1:] == str(wrong.sheet.max_row)
    assert (await get(client, "visits"))["items"] == [], "nothing half done"

    filed = await client.post("/v1/visit-forms", content=sheet.content())
    assert filed.status_code == 201, filed.text
    visit = filed.json()
    assert (visit["total"], visit["visitor_ids"], visit["warnings"]) == (85.5, [str(ANN)], [])
    assert visit["axes"] == [{"axis": "content", "grade": "fair", "comment": "Chủ đề rộng"}]
    [book] = visit["books"]
    assert (book["up_to_date"], book["remark"]) == (False, "Chưa đối chiếu")
    found = [await get(client, f"findings/{id_}") for id_ in visit["finding_ids"]]
    assert [(one["limitation"], one["axis"], one["due_on"]) for one in found] == [
        ("verbosity", "chairing", "2020-06-20"), (None, "organisation", "2020-07-03"),
    ]  # fmt: skip
    again = await client.post("/v1/visit-forms", content=sheet.content())
    assert problem(again, 409) == "visited-already"
    other = Workbook(sheet.content())
    other.fill("meta:meeting", "x")
    assert problem(await client.post("/v1/visit-forms", content=other.content()), 422) == "no-visit-form"


class Workbook:
    """A sheet as somebody fills it in."""

    def __init__(self, content):
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]

    def row(self, code):
        [row] = [cell.row for cell in self.sheet["A"] if cell.value == code]
        return row

    def fill(self, code, *values):
        for number, value in enumerate(values, 3):
            self.sheet.cell(self.row(code), number).value = value

    @property
    def text(self):
        return " ".join(str(cell.value) for row in self.sheet.iter_rows() for cell in row)

    def content(self):
        kept = io.BytesIO()
        self.book.save(kept)
        return kept.getvalue()
