"""The page as it is sent: what it says of a wrong question, what it does with names, how it is kept by browsers."""

import re
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from httpx import AsyncClient

from chassis.database import Pool
from contracts.membership import (
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationEvent,
    OrganisationState,
    OrganisationType,
)
from services.reporting.app import SERVICE
from services.reporting.consumers import MEMBERSHIP_FACTS
from tests.integration.served import served

NAME = 'Đảng bộ <script>alert("1")</script> & Khối'
BLOC = uuid4()


@pytest.fixture
async def served_page(database_url: str) -> AsyncIterator[tuple[AsyncClient, Pool]]:
    async with served(SERVICE, database_url) as (client, pool):
        yield client, pool


async def establish(pool: Pool, *, cells: int = 0) -> None:
    """Tell of a bloc with an odd name, and of cells below it."""
    start = date(2018, 1, 1)
    events = [
        OrganisationEstablished(
            effective_date=start, organisation_id=BLOC, code="K&1", name=NAME,
            after=OrganisationState(type=OrganisationType.BLOC, parent_id=None),
        ),
        *(
            OrganisationEstablished(
                effective_date=start, organisation_id=uuid4(), code=f"K.{number}", name=f"Chi bộ {number}",
                after=OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=BLOC),
            )
            for number in range(cells)
        ),
    ]  # fmt: skip
    await apply(pool, events, start=1, at="2020-01-01T00:00:00Z")


async def apply(pool: Pool, events: Sequence[OrganisationEvent], *, start: int, at: str) -> None:
    received = [
        SimpleNamespace(type=event.TYPE, sequence=number, value=event.model_dump_json().encode(), time=at)
        for number, event in enumerate(events, start=start)
    ]
    async with pool.acquire() as connection, connection.transaction():
        await MEMBERSHIP_FACTS.write(connection, [MEMBERSHIP_FACTS.fold(received)])
        # Unlike any other test's: what was made of the same events is not made again.
        await connection.execute(
            "INSERT INTO stream_marks (consumer, topic, partition, sequence) VALUES ($1, 'test', 0, $2)"
            " ON CONFLICT (consumer, topic, partition) DO UPDATE SET sequence = excluded.sequence",
            MEMBERSHIP_FACTS.name,
            secrets.randbits(48),
        )


async def test_a_name_stays_text(served_page: tuple[AsyncClient, Pool]) -> None:
    client, pool = served_page
    await establish(pool)
    page = await client.get("/", params={"as_of": "2020-11-30"})
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "style=" not in page.text, "the policy forbids it"


async def test_what_was_known_then_and_what_became_known_since(
    served_page: tuple[AsyncClient, Pool],
) -> None:
    client, pool = served_page
    await establish(pool, cells=2)
    asked = {"as_of": "2019-11-30"}
    later = OrganisationEstablished(
        effective_date=date(2019, 1, 1), organisation_id=uuid4(), code="K.9", name="Chi bộ 9",
        after=OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=BLOC),
    )  # fmt: skip
    await apply(pool, [later], start=100, at="2020-03-31T17:00:00Z")  # in Việt Nam on 1 April
    then = await client.get("/", params=asked | {"known_on": "2020-03-31"})
    assert "theo những gì đã biết đến hết ngày <strong>31/03/2020</strong>" in then.text
    line = (
        r'<th scope="row">Chi bộ cơ sở</th><td class="n">2</td><td class="n">3</td><td class="n">tăng 1</td>'
    )
    assert re.search(line, then.text)
    assert "nay biết là 3" in then.text
    assert "as_of=2019-11-30&amp;known_on=2020-03-31" in then.text, "links lead on by the same knowledge"
    since = await client.get("/", params=asked | {"known_on": "2020-04-01"})
    assert "không có gì làm thay đổi" in since.text
    now = await client.get("/", params=asked)
    assert "biết thêm" not in now.text
    nothing = await client.get("/", params=asked | {"known_on": "2019-12-31"})
    assert "Đến hết ngày 31/12/2019 chưa ghi nhận tổ chức đảng hay đảng viên nào" in nothing.text
    unknown = await client.get("/", params=asked | {"known_on": "2019-12-31", "unit": "K.0"})
    assert unknown.status_code == 404
    assert "Đến hết ngày 31/12/2019 chưa biết tổ chức đảng nào" in unknown.text


async def test_a_unit_that_is_not_there_on_the_day(served_page: tuple[AsyncClient, Pool]) -> None:
    client, pool = served_page
    await establish(pool, cells=1)
    state = OrganisationState(type=OrganisationType.GRASSROOTS_CELL, parent_id=BLOC)
    gone = uuid4()
    told = {"organisation_id": gone, "code": "K.Ủ 1/2", "name": "Chi bộ Đã giải thể", "after": state}
    await apply(
        pool,
        [
            OrganisationEstablished(effective_date=date(2018, 5, 1), **told),
            OrganisationDissolved(effective_date=date(2019, 6, 1), organisation_id=gone, before=state),
        ],
        start=100,
        at="2020-02-01T00:00:00Z",
    )
    for day, said in (
        ("2019-06-01", "không còn từ ngày 01/06/2019"),
        ("2018-04-30", "Đến ngày 01/05/2018 tổ chức đảng này mới được thành lập"),
    ):
        page = await client.get("/", params={"unit": "K.Ủ 1/2", "as_of": day})
        assert page.status_code == 200
        assert said in page.text
    there = await client.get("/", params={"unit": "K.Ủ 1/2", "as_of": "2019-05-31"})
    assert "tổ chức đảng này" not in there.text.lower()
    assert "Ngày này chưa đến" in (await client.get("/", params={"as_of": "2190-01-01"})).text


async def test_nothing_known_yet(served_page: tuple[AsyncClient, Pool]) -> None:
    client, _ = served_page
    page = await client.get("/")
    assert page.status_code == 200
    assert "Chưa có số liệu" in page.text


@pytest.mark.parametrize(("most", "drawn"), [(2, True), (1, False)])
async def test_cells_are_drawn_while_they_are_few_enough(
    served_page: tuple[AsyncClient, Pool], monkeypatch, most: int, drawn: bool
) -> None:
    client, pool = served_page
    await establish(pool, cells=2)
    monkeypatch.setattr("services.reporting.dashboard.view._MOST_CELLS", most)
    page = (await client.get("/", params={"as_of": "2020-11-30"})).text
    assert "2 trong 2 chi bộ không họp (100,0 %)" in page
    assert ('class="cells"' in page, 'id="cells-table"' in page) == (True, True)
    assert ("Bảng từng chi bộ" in page) is drawn
    assert ("quá nhiều để vẽ" in page, "0/1 họp" in page) == (not drawn, not drawn)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("unit=K.99", 404, "Chưa biết tổ chức đảng nào có mã “K.99”"),
        ("unit=%00", 404, "Không có tổ chức đảng này"),
        ("as_of=2020-02-30", 400, "Ngày phải là một ngày có thật"),
        ("as_of=0001-05-01", 400, "Ngày phải là một ngày có thật"),
        ("ngay=2020-11-30", 400, "Không có tham số “ngay”"),
        ("known_on=hom-qua", 400, "Ngày phải là một ngày có thật"),
        ("unit=K.99&known_on=2020-11-30", 404, 'href="/?unit=K.99"'),
        ("unit=a&unit=b", 400, "chỉ được nêu một lần"),
    ],
)
async def test_a_wrong_question_is_answered_by_a_page(
    served_page: tuple[AsyncClient, Pool], asked: str, status: int, said: str
) -> None:
    client, _ = served_page
    page = await client.get(f"/?{asked}")
    assert page.status_code == status
    assert said in page.text
    assert 'lang="vi"' in page.text


async def test_a_database_that_is_away(served_page: tuple[AsyncClient, Pool], monkeypatch) -> None:
    client, pool = served_page
    await establish(pool)

    async def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("services.reporting.dashboard.view.look", away)
    page = await client.get("/")
    assert page.status_code == 503
    assert page.headers["retry-after"]
    assert "tạm thời chưa sẵn sàng" in page.text


async def test_a_copy_that_still_holds_is_not_sent_again(served_page: tuple[AsyncClient, Pool]) -> None:
    client, pool = served_page
    asked = {"as_of": "2020-11-30"}
    tag = (await client.get("/", params=asked)).headers["etag"]
    again = await client.get("/", params=asked, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    await establish(pool)
    changed = await client.get("/", params=asked, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_what_was_made_of_the_same_events_is_not_made_again(
    served_page: tuple[AsyncClient, Pool], monkeypatch
) -> None:
    client, pool = served_page
    await establish(pool)
    asked = {"as_of": "2020-11-30"}
    page = await client.get("/", params=asked)

    async def made_again(*_: object, **__: object) -> None:
        raise AssertionError

    with monkeypatch.context() as patched:
        patched.setattr("services.reporting.dashboard.view.look", made_again)
        assert (await client.get("/", params=asked)).content == page.content
        plain = await client.get("/", params=asked, headers={"Accept-Encoding": "identity"})
        assert (plain.content, "content-encoding" in plain.headers) == (page.content, False)
    async with pool.acquire() as connection:
        await connection.execute("UPDATE stream_marks SET sequence = sequence + 1")
        await connection.execute("UPDATE organisations SET name = 'Tên khác'")
        # What reads the tree goes by its last event.
        await connection.execute("UPDATE organisations SET sequence = sequence + 1")
    assert "Tên khác" in (await client.get("/", params=asked)).text


async def test_files_are_kept_for_good(served_page: tuple[AsyncClient, Pool]) -> None:
    client, _ = served_page
    page = await client.get("/")
    addresses = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text)
    assert len(addresses) == 3
    for address in addresses:
        file = await client.get(address)
        assert file.status_code == 200
        assert "immutable" in file.headers["cache-control"]
        assert file.headers["content-encoding"] == "gzip"
        plain = await client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
        assert "content-encoding" not in plain.headers
        assert plain.content == file.content
    stale = await client.get(re.sub("/assets/[^/]+/", "/assets/0/", addresses[0]))
    assert stale.status_code == 404
