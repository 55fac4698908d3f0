"""The list of candidates over HTTP on a real database: from the listing to a member on probation."""

import asyncio

import pytest

from tests.integration.served import problem
from tests.integration.test_membership_commands import CELL, MEMBER, log, make_tree

NEAR = CELL | {"code": "K.1.2", "name": "Chi bộ Hai"}
CANDIDATE = {"code": "QC-1", "cell_code": "K.1.1", "full_name": "Lò Thị Ánh", "birth_date": "1998-05-01",
             "gender": "female", "ethnicity": "Khơ Mú", "religion": "Tin Lành", "youth_union": False,
             "listed_on": "2022-01-05"}  # fmt: skip


@pytest.fixture
async def register(client):
    await make_tree(client)
    assert (await client.post("/v1/organisations", json=NEAR)).status_code == 201
    for code in ("M1", "M2", "M3"):
        assert (await client.post("/v1/members", json=MEMBER | {"code": code})).status_code == 201
    for code in ("M1", "M2"):
        answer = await client.post(f"/v1/members/{code}/confirmation", json={"official_on": "2016-03-01"})
        assert answer.status_code == 200
    assert (await client.post("/v1/candidates", json=CANDIDATE)).status_code == 201
    return client


async def tell(register, what, status=200, code="QC-1", **asked):
    answer = await register.post(f"/v1/candidates/{code}/{what}", json=asked)
    assert answer.status_code == status, answer.text
    return answer


async def prepare(register):
    await tell(register, "certificate", effective_date="2022-03-01")
    named = [{"member_code": code, "since": "2020-09-01"} for code in ("M1", "M2")]
    await tell(register, "introducers", effective_date="2022-04-01", introducers=named)


async def listed(register, path="candidates", **parameters):
    answer = await register.get(f"/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_candidate_is_prepared_and_admitted_and_is_a_member_on_probation_from_then_on(register, pool):
    await prepare(register)
    admitted = await tell(register, "admission", member_code="M9", admitted_on="2023-02-03",
                          voted_on="2023-01-05", decision_date="2023-01-20")  # fmt: skip
    answer = admitted.json()
    assert (answer["stage"], answer["ended_on"], answer["member_code"], answer["warnings"]) == (
        "admitted", "2023-02-03", "M9", [],
    )  # fmt: skip
    assert [(kind, version) for kind, version, _ in (await log(pool))[-5:]] == [
        ("candidate-listed", 1), ("candidate-certified", 2), ("candidate-introduced", 3), ("member-admitted", 1),
        ("candidate-admitted", 4),
    ]  # fmt: skip
    member = (await register.get("/v1/members/M9")).json()
    assert (member["full_name"], member["ethnicity"], member["cell_code"], member["admitted_on"]) == (
        "Lò Thị Ánh", "Khơ Mú", "K.1.1", "2023-02-03",
    )  # fmt: skip
    due = await listed(register, "lists/probation-due", as_of="2024-02-03", unit="K.1.1")
    assert [one["code"] for one in due] == ["M9"]
    # On the list until the ceremony; in the book of candidates for good.
    assert [one["code"] for one in await listed(register, as_of="2023-02-02")] == ["QC-1"]
    assert await listed(register, as_of="2023-02-03") == []
    (former,) = await listed(register, as_of="2023-02-03", former=True)
    assert (former["stage"], former["member_code"]) == ("admitted", "M9")


async def test_what_an_admission_lacks_is_warned_of_and_it_is_recorded_all_the_same(register):
    await tell(register, "certificate", effective_date="2016-01-01")
    answer = await tell(register, "admission", member_code="M9", admitted_on="2023-04-28",
                        decision_date="2023-01-20")  # fmt: skip
    assert [warning["code"] for warning in answer.json()["warnings"]] == [
        "certificate-expired", "introducers-few", "ceremony-late",
    ]  # fmt: skip
    assert all("Căn cứ: " in warning["message"] for warning in answer.json()["warnings"])


async def test_nothing_of_who_they_are_is_in_an_event_or_a_stored_answer(register, pool):
    key = {"Idempotency-Key": "qc-2"}
    other = CANDIDATE | {"code": "QC-2", "full_name": "Lò Văn Bí Mật"}
    first, second = [await register.post("/v1/candidates", json=other, headers=key) for _ in range(2)]
    assert (first.status_code, second.json()) == (201, first.json())
    await tell(register, "corrections", fact=1, code="QC-2", full_name="Lò Văn Kín", religion="Không")
    one = (await register.get("/v1/candidates/QC-2", headers={"X-Chibo-Actor": "can.bo"})).json()
    assert (one["full_name"], one["religion"], one["version"]) == ("Lò Văn Kín", None, 2)
    tables = {
        row[0] for row in await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    for table in tables - {"candidate_identities", "former_candidate_identities", "member_identities"}:
        texts = await pool.fetch(f"SELECT row_to_json(t)::text FROM {table} AS t")
        assert not [row for row in texts for word in ("Bí Mật", "Khơ Mú", "Tin Lành") if word in row[0]], (
            table
        )
    assert await pool.fetchval("SELECT full_name FROM former_candidate_identities") == "Lò Văn Bí Mật"
    noted = await pool.fetch("SELECT actor, resource, count FROM personal_data_reads")
    assert [tuple(row) for row in noted] == [("can.bo", "candidates/QC-2", 1)]


async def test_what_cannot_be_is_a_problem_and_leaves_no_trace(register, pool):
    before = await log(pool)
    assert problem(await register.post("/v1/candidates", json=CANDIDATE), 409) == "code-taken"
    unknown = CANDIDATE | {"code": "QC-9", "cell_code": "K.9"}
    assert problem(await register.post("/v1/candidates", json=unknown), 422) == "unknown-cell"
    above = CANDIDATE | {"code": "QC-9", "cell_code": "K.1"}
    assert problem(await register.post("/v1/candidates", json=above), 422) == "not-a-cell"
    assert problem(await register.get("/v1/candidates/QC-9"), 404) == "unknown-candidate"
    told = await tell(register, "strike", 404, code="QC-9", effective_date="2022-02-01")
    assert problem(told, 404) == "unknown-candidate"
    # M3 is on probation; nobody has M8.
    for code in ("M3", "M8"):
        named = [{"member_code": code, "since": "2020-09-01"}]
        answer = await tell(register, "introducers", 422, effective_date="2022-04-01", introducers=named)
        assert problem(answer, 422) == "introducer-not-official"
    taken = await tell(register, "admission", 409, member_code="M1", admitted_on="2023-02-03")
    assert problem(taken, 409) == "code-taken"
    stale = await register.post("/v1/candidates/QC-1/strike", json={"effective_date": "2022-06-01"},
                                headers={"If-Match": '"7"'})  # fmt: skip
    assert problem(stale, 412) == "precondition-failed"
    assert await log(pool) == before
    await tell(register, "strike", effective_date="2022-06-01", reason="unfit")
    again = await tell(register, "admission", 409, member_code="M9", admitted_on="2023-02-03")
    assert problem(again, 409) == "candidate-off-the-list"
    assert "đã ra khỏi danh sách từ ngày 01/06/2022" in again.json()["detail"]


async def test_what_was_said_is_put_right_and_the_history_says_what_was_known(register, pool):
    await prepare(register)
    await tell(register, "cell", cell_code="K.1.2", effective_date="2022-05-01")
    await tell(register, "strike", effective_date="2022-06-01")
    known_at = await pool.fetchval("SELECT max(recorded_at) FROM event_log")
    await tell(register, "corrections", fact=5, withdraw=True)
    await tell(register, "corrections", fact=2, effective_date="2022-03-08", decision_date="2022-03-07")
    one = await register.get("/v1/candidates/QC-1")
    again = await register.get("/v1/candidates/QC-1", headers={"If-None-Match": one.headers["etag"]})
    assert (one.json()["stage"], one.json()["certified_on"], one.json()["cell_code"], again.status_code) == (
        "listed", "2022-03-08", "K.1.2", 304,
    )  # fmt: skip
    history = (await register.get("/v1/candidates/QC-1/history")).json()["entries"]
    assert [(entry["what"], entry["status"]) for entry in history] == [
        ("listed", "stands"), ("certified", "replaced"), ("introduced", "stands"), ("moved", "stands"),
        ("struck", "withdrawn"), (None, "withdrawal"), ("certified", "stands"),
    ]  # fmt: skip
    assert [one["member_code"] for one in history[-1]["after"]["introducers"]] == ["M1", "M2"]
    then = await register.get("/v1/candidates/QC-1/history", params={"known_at": known_at.isoformat()})
    assert then.json()["entries"][-1]["after"]["stage"] == "struck"


async def test_an_admission_by_mistake_is_taken_back_with_the_member(register):
    await tell(register, "admission", member_code="M9", admitted_on="2023-02-03")
    refused = await tell(register, "corrections", 409, fact=2, withdraw=True)
    assert problem(refused, 409) == "admission-of-member"
    withdrawn = await register.post("/v1/members/M9/corrections", json={"fact": 1, "withdraw": True})
    assert withdrawn.status_code == 200, withdrawn.text
    back = await tell(register, "corrections", fact=2, withdraw=True)
    assert (back.json()["stage"], back.json()["member_code"]) == ("listed", None)


async def test_candidates_are_listed_by_vietnamese_names_within_a_unit_page_by_page(register):
    names = ["Nguyễn Văn Đức", "Trần Thị Ân", "Lê Văn Dũng", "Cầm Thị Ăn"]
    for number, name in enumerate(names, 2):
        other = CANDIDATE | {"code": f"QC-{number}", "full_name": name, "cell_code": "K.1.2"}
        assert (await register.post("/v1/candidates", json=other)).status_code == 201
    await tell(register, "certificate", code="QC-3", effective_date="2017-03-01")
    await tell(register, "certificate", code="QC-4", effective_date="2017-09-02")
    seen, cursor = [], None
    while True:
        asked = {"as_of": "2022-03-01", "unit": "K.1", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await register.get("/v1/candidates", params=asked)).json()
        seen += [one["full_name"] for one in page["items"]]
        assert all("ethnicity" not in one for one in page["items"])
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["Lò Thị Ánh", "Cầm Thị Ăn", "Trần Thị Ân", "Lê Văn Dũng", "Nguyễn Văn Đức"]
    assert len(await listed(register, as_of="2022-03-01", unit="K.1.1")) == 1
    assert await listed(register, as_of="2022-01-04") == []
    ending = await listed(register, "lists/certificates-ending", as_of="2022-03-01")
    assert [(one["code"], one["certificate_ends_on"], one["expired"]) for one in ending] == [
        ("QC-3", "2022-03-01", True)
    ]
    later = await listed(register, "lists/certificates-ending", as_of="2022-03-02", unit="K.1.2")
    assert [(one["code"], one["expired"]) for one in later] == [("QC-3", True), ("QC-4", False)]


async def test_the_end_of_a_cell_warns_of_the_candidates_that_it_leaves(register):
    merged = await register.post(
        "/v1/organisations/K.1.2/merger", json={"sources": ["K.1.1"], "effective_date": "2022-03-01"}
    )
    assert merged.status_code == 200, merged.text
    assert "candidates-of-ended-cell" in [warning["code"] for warning in merged.json()["warnings"]]
    moved = await tell(register, "cell", cell_code="K.1.2", effective_date="2022-03-01")
    assert moved.json()["cell_code"] == "K.1.2"
    gone = await register.post("/v1/organisations/K.1.2/dissolution", json={"dissolved_on": "2023-01-01"})
    assert "candidates-of-ended-cell" in [warning["code"] for warning in gone.json()["warnings"]]


async def test_of_an_admission_and_a_strike_at_once_one_wins(register, pool):
    answers = await asyncio.gather(
        *(
            register.post(f"/v1/candidates/QC-1/{what}", json=asked)
            for what, asked in (
                ("strike", {"effective_date": "2023-02-03"}),
                ("admission", {"member_code": "M9", "admitted_on": "2023-02-03"}),
                ("admission", {"member_code": "M8", "admitted_on": "2023-02-03"}),
            )
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    kinds = [kind for kind, _, _ in await log(pool)]
    admitted = kinds.count("candidate-admitted")
    assert admitted + kinds.count("candidate-struck") == 1
    assert await pool.fetchval("SELECT count(*) FROM members WHERE code IN ('M8', 'M9')") == admitted
