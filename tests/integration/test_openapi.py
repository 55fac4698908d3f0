"""The published OpenAPI documents hold: valid, with examples, and no request gets an answer that they do not tell.

Both services run as processes of their own on a stack of their own, so that requests pass through the real HTTP
server, and what membership is made to record passes through Kafka into reporting.
"""

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import asyncpg
import httpx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from chibo.client import Client
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess, Stack
from services.meetings.imports.answers import MEETINGS_FILE
from services.membership.answers import MEMBERS_FILE, ORGANISATIONS_FILE, TRANSFERS_FILE
from tests.waiting import until

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = ("membership", "reporting", "meetings", "inspection")
PARKED = range(1, 11)

Document = dict[str, Any]


def example_file(described: Document) -> str:
    return described["requestBody"]["content"]["text/csv"]["example"]


ABOVE = (
    "code,parent_code,type,name,established_on,dissolved_on\n"
    "K,,bloc,Đảng bộ Khối,1976-01-01,\n"
    "K.01,K,grassroots_committee,Đảng bộ Sở Y tế,1990-01-01,\n"
    "K.09,K,grassroots_cell,Chi bộ Thanh tra tỉnh,1990-01-01,\n"
)
SECOND = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\nĐV-000124,K.01.02,Lò Văn Thưởng,1980-05-01,male,Thái,Không,no,2005-03-01,2006-03-01,,\n"
)


@pytest.fixture(scope="module")
def services() -> Iterator[dict[str, ServiceProcess]]:
    """The services with what the documents' examples speak of: a tree, members, a meeting, parked events."""
    with Stack.start() as stack:
        running = {name: stack.run_service(name) for name in NAMES}
        for service in running.values():
            service.wait_ready()
        membership, reporting, meetings, inspection = (Client(running[name].url) for name in NAMES)
        for kind, file in (
            ("organisations", ABOVE),
            ("organisations", example_file(ORGANISATIONS_FILE)),
            ("members", example_file(MEMBERS_FILE)),
            ("members", SECOND),
        ):
            membership.post(
                f"/v1/imports/{kind}", content=file.encode(), headers={"Content-Type": "text/csv"}
            )
        lead(membership)
        set_out(membership)
        enlist(membership)
        wait_until_seen(membership, reporting)
        freeze(reporting)
        wait_until_seen(membership, meetings)
        meet(meetings)
        wait_until_seen(membership, inspection)
        wait_until_seen(meetings, inspection)
        work(inspection)
        asyncio.run(park_events(stack.database_url("reporting")))
        yield running


def lead(membership: Client) -> None:
    """Let the examples' member lead the examples' cell, so that some requests are about a term and a position."""
    opened = membership.send(
        "/v1/terms",
        {
            "organisation_code": "K.01.02",
            "label": "2018–2020",
            "from_on": "2018-05-15",
            "elected": [{"member_code": "ĐV-000123", "position": "deputy_secretary"}],
        },
    )
    KNOWN.update(terms=[opened["id"]], positions=opened["taken"])


def set_out(membership: Client) -> None:
    """Put the examples' member and somebody from outside on the way, so that some requests are about a transfer."""
    asked = [
        {"member_code": "ĐV-000123", "outside": "Đảng bộ huyện"},
        {"member_code": "ĐV-000456", "outside": "Đảng bộ huyện", "destination_code": "K.01.02"},
    ]
    begun = [membership.send("/v1/transfers", one | {"requested_on": "2020-03-02"}) for one in asked]
    membership.send(f"/v1/transfers/{begun[1]['id']}/release", {"released_on": "2020-03-03"})
    KNOWN.update(transfers=[one["id"] for one in begun])


def enlist(membership: Client) -> None:
    """Put the examples' candidate on the list of the examples' cell, so that some requests are about one."""
    membership.send(
        "/v1/candidates",
        {
            "code": "QC-000045",
            "cell_code": "K.01.02",
            "full_name": "Lò Thị Ví Dụ",
            "birth_date": "1998-05-01",
            "gender": "female",
            "ethnicity": "Thái",
            "youth_union": True,
            "listed_on": "2019-01-05",
        },
    )
    KNOWN["codes"].append("QC-000045")


def freeze(reporting: Client) -> None:
    """Freeze some figures, so that some requests are about a snapshot."""
    asked = {"unit": "K.01", "from": "2020-11-01", "to": "2020-11-30"}
    KNOWN["snapshots"] = [reporting.send("/v1/snapshots", asked)["id"]]


def meet(meetings: Client) -> None:
    """Let the examples' cell meet, so that some requests are about a meeting held and a task that it gave."""
    begins, cell = "2020-11-03T14:30:00+07:00", "K.01.02"
    planned = {
        "cell_code": cell,
        "kind": "regular",
        "starts_at": begins,
        "place": "Phòng họp",
        "agenda": ["Một"],
    }
    later = {"starts_at": "2020-12-03T14:30:00+07:00"}
    held, ahead, other = (
        meetings.send("/v1/meetings", one)["id"]
        for one in (planned, planned | later, planned | later | {"cell_code": "K.09"})
    )
    members = [one["member_id"] for one in meetings.get(f"/v1/cells/{cell}/list", on="2020-11-03")["items"]]
    roll = [{"member_id": member, "presence": "present"} for member in members]
    for step, asked in (
        ("agreement", {"agreed_on": "2020-10-30"}),
        ("announcement", {"told_at": "2020-10-31T08:00:00+07:00"}),
        ("holding", {"began_at": begins, "ended_at": "2020-11-03T16:05:00+07:00", "roll": roll}),
    ):
        meetings.send(f"/v1/meetings/{held}/{step}", asked)
    meetings.send(f"/v1/meetings/{held}/proceedings", {"chair_id": members[0], "recorder_id": members[1]})
    vote = {"subject": "Nhiệm vụ", "text": "Nội dung", "in_favour": 2}
    carried = meetings.send(f"/v1/meetings/{held}/resolutions", vote)["resolution"]["id"]
    task = {"member_id": members[0], "text": "Báo cáo", "due_on": "2020-11-25"}
    given = meetings.send(f"/v1/meetings/{held}/tasks", task)["id"]
    order = {"number": "16/CT-TTg", "date": "2020-03-31"}
    terms = {"unit_codes": [cell], "from_on": "2020-04-01", "until_on": "2020-04-22", "reason": "epidemic"}
    interrupted = meetings.send("/v1/interruptions", terms | {"document": order})["id"]
    KNOWN.update(
        meetings=[held, ahead, other],
        ids=[held, ahead, given, interrupted, *KNOWN["snapshots"]],
        members=members,
    )
    KNOWN.update(resolutions=[carried])


def work(inspection: Client) -> None:
    """Form a team with the examples' member in it: some requests are about a seat, a visit, a finding, a plan."""
    code, member, since = "TCT-0", KNOWN["members"][0], "2020-01-15"
    inspection.send("/v1/teams", {"code": code, "name": "Tổ công tác", "from_on": since})
    asked = {"member_id": member, "role": "leader", "from_on": since}
    seat = inspection.send(f"/v1/teams/{code}/seats", asked)["seat_id"]
    days = {"first_on": "2020-07-06", "last_on": "2020-07-17", "reason": "study"}
    away = inspection.send("/v1/absences", {"member_id": member} | days)["id"]
    KNOWN["codes"].append(code)
    KNOWN["ids"].append(away)
    KNOWN["seats"] = [seat]
    seen = inspection.send("/v1/visits", {"meeting_id": KNOWN["meetings"][0], "team_code": code})["id"]
    lacking = {"limitation": "verbosity", "severity": "minor", "summary": "Dài dòng"}
    found = inspection.send(f"/v1/visits/{seen}/findings", lacking)["id"]
    KNOWN["ids"] += [seen, found]
    month = "2020-12"
    planned = inspection.send("/v1/visit-plans", {"month": month, "on": "2020-11-20"})
    assert [visit["cell_code"] for visit in planned["visits"]] == ["K.09"]
    KNOWN["months"] = [month]


async def park_events(database_url: str) -> None:
    """Park events that nobody can apply: of every second one the source is not membership."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            "INSERT INTO parked_events (consumer, topic, partition, kafka_offset, reason, error, blocks_key,"
            " sequence, key, headers, value, digest)"
            " SELECT 'membership_facts', 'chibo.membership.internal.v1', 0, 1000 + n, 'failed', 'ValueError',"
            " n % 2 = 0, n, 'k', '[]', '{', int4send(n) FROM unnest($1::int[]) AS n",
            list(PARKED),
        )
    finally:
        await connection.close()


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest, services: dict[str, ServiceProcess]) -> ServiceProcess:
    return services[request.param]


@pytest.fixture
def document(service: ServiceProcess) -> Document:
    return httpx.get(f"{service.url}/openapi.json").raise_for_status().json()


# The documents by themselves.


def test_it_is_a_valid_openapi_document(document):
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1.")


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def resolved(document: Document, node: Document) -> Document:
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def has_example(document: Document, media: Document) -> bool:
    schema = resolved(document, media["schema"])
    is_file = schema.get("format") == "binary"
    return is_file or not {"example", "examples"}.isdisjoint(media.keys() | schema.keys())


def test_each_operation_has_examples_of_what_is_sent_and_what_is_answered(document):
    lacking = []
    for name, operation in operations(document):
        sent = operation.get("requestBody", {}).get("content", {})
        if sent and not any(has_example(document, media) for media in sent.values()):
            lacking.append(f"{name}: request")
        for status, answer in operation["responses"].items():
            answered = answer.get("content", {})
            if answered and not any(has_example(document, media) for media in answered.values()):
                lacking.append(f"{name}: {status}")
    assert lacking == []


def test_every_error_is_a_problem(document):
    others = [
        f"{name}: {status}"
        for name, operation in operations(document)
        for status, answer in operation["responses"].items()
        if status >= "400" and list(answer["content"]) != ["application/problem+json"]
    ]
    # The refusal of an import is a problem, or the file with its faults marked where that is accepted.
    files = {f"POST /v1/imports/{kind}: 422" for kind in FILES}
    assert set(others) <= {"GET /health/live: 503", "GET /health/ready: 503"} | files


def test_every_command_may_have_a_key_and_every_change_of_one_resource_a_condition(document):
    commands = {
        name: {parameter["name"] for parameter in operation["parameters"]}
        for name, operation in operations(document)
        if "commands" in operation["tags"]
    }
    assert [name for name, headers in commands.items() if "Idempotency-Key" not in headers] == []
    assert [
        name for name, headers in commands.items() if "{code}" in name and "If-Match" not in headers
    ] == []


# What the services answer to anything.

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
KNOWN: dict[str, list[Any]] = {
    "units": ["K", "K.01", "K.01.02"],
    "codes": ["K.01", "K.01.02", "ĐV-000123"],
    "tags": ['"1"', '"2"', "*", 'W/"1"', "1"],
    "numbers": list(PARKED),
}
PLACES = {
    "path.code": "codes",
    "path.parked_id": "numbers",
    "path.rebuild_id": "numbers",
    "path.position_id": "positions",
    "path.term_id": "terms",
    "path.transfer_id": "transfers",
    "path.id": "ids",
    "path.month": "months",
    "path.seat_id": "seats",
    "path.resolution_id": "resolutions",
    "query.cell": "units",
    "query.unit": "units",
    "query.parent": "units",
    "header.If-Match": "tags",
    "header.If-None-Match": "tags",
    "body.cell_code": "units",
    "body.organisation_code": "units",
    "body.member_code": "codes",
    "body.destination_code": "units",
    "body.parent_code": "units",
    "body.meeting_id": "meetings",
    "body.member_id": "members",
    "body.chair_id": "members",
    "body.recorder_id": "members",
}


def configuration() -> str:
    """Half of the requests are about what there is: at random hardly one would get past an unknown code."""
    known = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in KNOWN.items()]
    places = [f'"{place}" = {{ dictionary = "{name}", probability = 0.5 }}' for place, name in PLACES.items()]
    return "\n".join([*known, "[parameters]", *places])


def closed(document: Document) -> Document:
    """Return the document with nothing open: a member of an answer that it does not name is a failure, too."""
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema and name != "Problem":
            schema.setdefault("additionalProperties", False)
    return document


def test_no_request_fails_or_has_an_answer_that_the_document_does_not_tell(service, document, tmp_path):
    (tmp_path / "schemathesis.toml").write_text(configuration())
    (tmp_path / "openapi.json").write_text(json.dumps(closed(document)))
    run = subprocess.run(
        [
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
            "--config-file=schemathesis.toml", "run", "openapi.json", f"--url={service.url}",
            f"--checks={','.join(CHECKS)}", "--phases=examples,coverage,fuzzing", "--max-examples=25",
            "--generation-deterministic", "--continue-on-failure",
            # An answer without an end; test_reporting_figures.py reads it.
            "--exclude-path=/v1/live",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert "No tests were executed" not in run.stdout


# Files: to schemathesis they are any bytes, and hardly one would get past the header.

FILES = {
    "organisations": example_file(ORGANISATIONS_FILE),
    "members": example_file(MEMBERS_FILE),
    "transfers": example_file(TRANSFERS_FILE),
    "meetings": example_file(MEETINGS_FILE),
}
CELLS = st.one_of(
    st.sampled_from(
        ["K.01", "K.01.02", "ĐV-000123", "cell", "bloc", "0001-01-01", "9999-12-31", "31/02/2020", "Kinh"]
    ),
    st.text(max_size=8),
    st.sampled_from(['"', "\0", "\ufeff", "\u202e", "=1+1", "9" * 400, "e\u0301", "\r", "43831"]),
)


def workbook(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@st.composite
def tables(draw: st.DrawFn, kind: str) -> list[list[str]]:
    """The header and example row of a kind of file, followed by rows of what should not be there."""
    known = [line.split(",") for line in FILES[kind].splitlines()]
    return known + draw(st.lists(st.lists(CELLS, min_size=1, max_size=len(known[0]) + 1), max_size=3))


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """A file of which a piece is cut out or overwritten, as by a bad disk or an interrupted transfer."""
    content = draw(whole)
    # In thousandths: a workbook holds the time at which it was made, so its length is never twice the same.
    start = len(content) * draw(st.integers(0, 1000)) // 1000
    return content[:start] + draw(st.binary(max_size=8)) + content[start + draw(st.integers(0, 200)) :]


def files(kind: str, form: str) -> st.SearchStrategy[bytes]:
    if form == "text/csv":
        whole = tables(kind).map(
            lambda rows: "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass")
        )
    else:
        whole = tables(kind).map(workbook)
    return st.one_of(whole, damaged(whole), st.binary(max_size=300))


@pytest.mark.parametrize("form", ["text/csv", XLSX], ids=["csv", "xlsx"])
@pytest.mark.parametrize("kind", FILES)
def test_no_file_makes_an_import_fail(services, kind, form):
    service = services["meetings" if kind == "meetings" else "membership"]
    url = f"{service.url}/v1/imports/{kind}"
    document = httpx.get(f"{service.url}/openapi.json").json()
    told = document["paths"][f"/v1/imports/{kind}"]["post"]["responses"]
    with httpx.Client() as client:

        @settings(derandomize=True, database=None, deadline=None, max_examples=60)
        @given(files(kind, form), st.sampled_from(["abort", "skip"]))
        def imported(content: bytes, on_error: str) -> None:
            answer = client.post(
                url, content=content, headers={"Content-Type": form}, params={"on_error": on_error}
            )
            assert str(answer.status_code) in told, answer.text
            assert answer.status_code == 200 or answer.headers["content-type"] == "application/problem+json"

        imported()


def test_what_was_recorded_meanwhile_is_applied_in_reporting(services):
    membership, reporting = (Client(services[name].url) for name in ("membership", "reporting"))

    def is_seen() -> bool:
        stream = membership.get("/v1/stream")
        consumers = reporting.get("/v1/progress")["consumers"].values()
        return stream["waiting"] == 0 and all(
            consumer["marks"].get(partition, 0) >= sequence
            for consumer in consumers
            for partition, sequence in stream["partitions"].get(consumer["topic"], {}).items()
        )

    until(is_seen, "reporting to have read what membership recorded")
    parked = {event["sequence"] for event in reporting.get("/v1/parked", limit=1000)["parked"]}
    assert parked <= set(PARKED), "an event of membership could not be applied"
