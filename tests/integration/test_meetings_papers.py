"""Minutes and resolutions as papers, over HTTP on a real database: a draft, then what is in the book."""

import io
from datetime import date
from uuid import uuid4

import docx
import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from chassis import problems
from chassis.event_log import EventLog
from chassis.resources import Resources
from chassis.settings import Settings
from contracts.membership import OrganisationEstablished, OrganisationState, OrganisationType
from contracts.positions import HeldPosition, Position, PositionEnded, PositionTaken
from services.meetings.papers.api import router
from tests.integration import test_meetings, test_meetings_records
from tests.integration.test_meetings import ADMITTED, BEFORE, CELL, MEMBERS, post
from tests.integration.test_meetings_records import (
    AWAY,
    CHAIR,
    VOTE,
    YOUNG,
    approved,
    held,
    opened,
    written,
)
from tests.papers import text_of_docx, text_of_pdf

told, client, led = test_meetings.told, test_meetings.client, test_meetings_records.led

NAMES = dict(zip((str(id_) for id_ in MEMBERS), (
    "Nguyễn Thị Hoa", "Lò Văn Thưởng", "Quàng Thị Ướt", "Trần Đức Ngữ", "Vũ Hằng Nga",
), strict=True))  # fmt: skip
WITH_NAMES = {"members": [{"member_id": id_, "full_name": name} for id_, name in NAMES.items()]}


async def got(client, path, status=200, headers=None, **asked):
    answer = await client.get(f"/v1/{path}", params=asked, headers=headers)
    assert answer.status_code == status, answer.text
    return answer


async def voted_on(client):
    """A meeting held and written down, with a resolution and a task, its minutes not approved yet."""
    id_ = await held(client)
    await written(
        client, id_,
        opinions=[{"speaker_id": YOUNG, "text": "Đồng ý với <dự thảo> & báo cáo"}, {"text": "Khách góp ý"}],
        conclusions=[{"point": 1, "text": "Nhất trí"}], absences=[{"member_id": AWAY, "reason": "ốm"}],
        directions=["Học tập chuyên đề quý II"],
    )  # fmt: skip
    resolution = (await post(client, f"meetings/{id_}/resolutions", **VOTE))["resolution"]["id"]
    await post(client, f"meetings/{id_}/resolutions", **(VOTE | {"in_favour": 1, "subject": "Không đạt"}))
    await post(
        client, f"meetings/{id_}/tasks", 201, member_id=AWAY, text="Dự thảo báo cáo", due_on="2026-03-25"
    )
    return id_, resolution


async def test_before_approval_papers_are_drafts_and_then_they_are_what_the_book_says(client, pool, led):
    await led(opened("2025–2030", date(2025, 5, 10)))
    id_, resolution = await voted_on(client)
    listed = (await got(client, f"meetings/{id_}/papers")).json()["items"]
    assert [(one["kind"], one["resolution_id"], one["number"], one["draft"]) for one in listed] == [
        ("minutes", None, None, True), ("resolution", resolution, None, True),
    ]  # fmt: skip
    assert set(listed[0]["member_ids"]) == set(NAMES)
    draft = text_of_pdf((await got(client, f"meetings/{id_}/papers/minutes")).content)
    assert "DỰ THẢO" in draft
    assert "Số ………-BB/CB" in draft

    await approved(client, id_)
    minutes = await client.post(f"/v1/meetings/{id_}/papers/minutes", json=WITH_NAMES)
    said = text_of_pdf(minutes.content)
    assert "DỰ THẢO" not in said
    for part in ("Số 01-BB/CB", "Đồng chí Vũ Hằng Nga: Đồng ý với <dự thảo> & báo cáo", "Khách mời: Khách góp ý",
                 "Đồng chí Quàng Thị Ướt: có lý do (ốm)", "Nghị quyết được thông qua",
                 "Nghị quyết không được thông qua", "03 tháng 3 năm 2026"):  # fmt: skip
        assert part in said, said
    adopted = await client.post(
        f"/v1/meetings/{id_}/papers/resolutions/{resolution}", json=WITH_NAMES, params={"format": "docx"}
    )
    said = text_of_docx(adopted.content)
    assert "Số 01-NQ/CB" in said
    assert "3/4 đảng viên chính thức được triệu tập (75 %)" in said
    assert "Không đạt" not in said

    # What is printed is what is chained, whatever the rows say meanwhile.
    await pool.execute("UPDATE opinions SET content = 'sửa về sau'")
    again = await client.post(f"/v1/meetings/{id_}/papers/minutes", json=WITH_NAMES)
    assert again.content == minutes.content
    reads = await pool.fetch("SELECT resource, count FROM personal_data_reads ORDER BY id")
    assert [tuple(row) for row in reads][:2] == [
        (f"meetings/{id_}/papers", 5), (f"meetings/{id_}/papers/minutes", 5),
    ]  # fmt: skip


async def test_a_name_is_on_the_paper_that_it_was_sent_for_and_nowhere_else(client, pool):
    id_, _ = await voted_on(client)
    await client.post(f"/v1/meetings/{id_}/papers/minutes", json=WITH_NAMES)
    plain = text_of_pdf((await got(client, f"meetings/{id_}/papers/minutes")).content)
    assert not [name for name in NAMES.values() if name in plain]
    assert f"……… ({CHAIR[:8]})" in plain
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    for row in tables:
        kept = await pool.fetchval(f"SELECT string_agg(one::text, '') FROM \"{row['tablename']}\" AS one")
        assert "Trần Đức Ngữ" not in (kept or ""), row["tablename"]


async def test_the_same_paper_has_the_same_bytes_and_a_reader_who_has_it_gets_no_second_copy(client):
    id_, _ = await voted_on(client)
    for form in ("pdf", "docx"):
        first = await got(client, f"meetings/{id_}/papers/minutes", format=form)
        tag = first.headers["ETag"]
        second = await got(client, f"meetings/{id_}/papers/minutes", 304, {"If-None-Match": tag}, format=form)
        assert (second.content, second.headers["ETag"]) == (b"", tag)
        assert first.headers["Content-Disposition"] == (
            f'attachment; filename="Bien-ban-du-thao-K.01-2026-03.{form}";'
            f" filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20d%E1%BB%B1%20th%E1%BA%A3o%20K.01%202026-03.{form}"
        )


async def test_there_is_no_paper_of_a_meeting_that_has_nothing_to_print(client):
    id_ = await held(client)
    path = f"meetings/{id_}/papers"
    for one in (path, f"{path}/minutes", f"{path}/resolutions/{uuid4()}"):
        assert (await got(client, one, 409)).json()["type"] == "urn:chibo:problem:no-proceedings"
    early = await test_meetings.planned(client, starts_at="2026-05-03T14:30:00+07:00")
    assert (await got(client, f"meetings/{early['id']}/papers", 409)).json()[
        "type"
    ] == "urn:chibo:problem:not-held"
    await got(client, f"meetings/{uuid4()}/papers/minutes", 404)
    await written(client, id_)
    assert (
        (await got(client, f"{path}/resolutions/{uuid4()}", 404))
        .json()["type"]
        .endswith("unknown-resolution")
    )
    await got(client, f"{path}/minutes", 422, format="odt")


@pytest.fixture
async def office(client, pool, database_url, tmp_path):
    """The papers of an office that has a folder of templates and says where it is; and the folder."""
    del client  # it migrates
    settings = Settings(database_url=database_url, kafka="127.0.0.1:1", templates=tmp_path, place="Sơn La")
    app = FastAPI()
    problems.install(app)
    app.include_router(router(Resources(pool, EventLog(1_000_000), settings)), prefix="/v1")
    async with AsyncClient(transport=ASGITransport(app), base_url="http://office") as its:
        yield its, tmp_path


async def test_an_office_puts_its_own_template_in_place_and_is_told_what_is_wrong_with_it(client, office):
    id_, resolution = await voted_on(client)
    client, folder = office
    path = f"meetings/{id_}/papers"
    assert "Sơn La, ngày 03 tháng 3 năm 2026" in text_of_pdf((await got(client, f"{path}/minutes")).content)
    own = (await got(client, "paper-templates/minutes")).content
    word = docx.Document(io.BytesIO(own))
    word.add_paragraph("Mẫu riêng của {{ chi_bo }}")
    word.save(folder / "bien-ban.docx")
    assert "Mẫu riêng của Chi bộ K.01" in text_of_pdf((await got(client, f"{path}/minutes")).content)
    assert (await got(client, "paper-templates/minutes")).content == (folder / "bien-ban.docx").read_bytes()
    word.add_paragraph("{{ chu_tich }}")
    word.save(folder / "bien-ban.docx")
    faulty = (await got(client, f"{path}/minutes", 500)).json()
    assert faulty["type"] == "urn:chibo:problem:faulty-template"
    assert "bien-ban.docx" in faulty["detail"]
    assert "chu_tich" in faulty["detail"]
    (folder / "bien-ban.docx").write_bytes(b"no Word document")
    assert "không phải văn bản Word" in (await got(client, f"{path}/minutes", 500)).json()["detail"]
    # The other paper has its own template.
    await got(client, f"{path}/resolutions/{resolution}")


def taken(position, member_id):
    held_by = HeldPosition(organisation_id=CELL, member_id=member_id, position=position, from_on=ADMITTED)
    return PositionTaken(effective_date=ADMITTED, position_id=uuid4(), after=held_by)


async def test_a_resolution_is_signed_as_what_its_chair_was_and_under_whom_the_cell_stood(client, told, led):
    above = OrganisationEstablished(
        effective_date=ADMITTED, organisation_id=BEFORE[0].after.parent_id, code="K", name="Đảng bộ Sở Y tế",
        after=OrganisationState(type=OrganisationType.BLOC, parent_id=None),
    )  # fmt: skip
    await told(above)
    secretary = taken(Position.SECRETARY, MEMBERS[0])
    await led(secretary)
    id_, resolution = await voted_on(client)
    await approved(client, id_)
    path = f"meetings/{id_}/papers/resolutions/{resolution}"
    signed = text_of_pdf((await got(client, path)).content)
    assert "ĐẢNG BỘ SỞ Y TẾ" in signed
    assert "T/M CHI BỘ BÍ THƯ" in signed
    # A position that turns out to be another's is not for a paper that was approved.
    await led(PositionEnded(effective_date=ADMITTED, position_id=secretary.position_id, before=secretary.after,
                            after=secretary.after.model_copy(update={"until_on": ADMITTED})))  # fmt: skip
    assert text_of_pdf((await got(client, path)).content) == signed
