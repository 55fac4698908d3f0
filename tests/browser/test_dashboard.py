"""The dashboard as a member of the standing committee has it, in a real browser, on the example bloc."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Request, expect

from chibo.client import Client
from deploy.local.stack import ServiceProcess
from tests.browser.example import DAY, PHONE, PROJECTOR

SHORT = {"held": "họp", "put-off": "hoãn", "missed": "không"}


def figure(page: Page, label: str):
    return page.locator(".tile").filter(has=page.get_by_text(label, exact=True)).locator(".figure")


async def test_the_stated_figures_of_the_bloc(page: Page) -> None:
    await page.goto(DAY)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đảng bộ Khối Các cơ quan tỉnh")
    for label, shown in (
        ("Đảng viên", "2.712"),
        ("Đảng viên nữ", "1.056 38,9 %"),
        ("Dân tộc thiểu số", "65 2,4 %"),
        ("Đoàn viên, thanh niên", "218 8,0 %"),
        ("Có đạo", "265 9,8 %"),
        ("Tổ chức cơ sở đảng", "68"),
        ("Chi bộ trực thuộc", "206"),
    ):
        await expect(figure(page, label)).to_have_text(shown)


async def test_down_the_tree_and_back_by_keyboard(page: Page) -> None:
    await page.goto(DAY)
    link = page.get_by_role("link", name="Đảng bộ Văn phòng Tỉnh ủy")
    await link.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đảng bộ Văn phòng Tỉnh ủy")
    await expect(page).to_have_url("/?unit=K.01&as_of=2020-11-30")
    # What is at the address is what was shown: it can be sent to somebody.
    shown = await page.locator("#figures").inner_text()
    await page.reload()
    assert await page.locator("#figures").inner_text() == shown
    await expect(page.get_by_role("link", name="Đảng bộ Khối Các cơ quan tỉnh")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đảng bộ Khối Các cơ quan tỉnh")
    await expect(figure(page, "Đảng viên")).to_have_text("2.712")


async def test_the_slider_moves_the_whole_page_through_time(page: Page) -> None:
    await page.goto("/?unit=K&as_of=2020-11-30")
    slider = page.get_by_role("slider", name="Tháng")
    await slider.focus()
    for _ in range(3):
        await page.keyboard.press("ArrowLeft")
    await expect(page).to_have_url("/?unit=K&as_of=2020-08-31")
    await expect(page.locator(".day")).to_have_text("Số liệu ngày 31/08/2020, so với 31/08/2019")
    await expect(slider).to_be_focused()
    await expect(slider).to_have_attribute("aria-valuetext", "tháng 8 năm 2020")
    assert await figure(page, "Đảng viên").inner_text() != "2.712"
    await page.go_back()  # all of it was one walk
    await expect(page).to_have_url("/?unit=K&as_of=2020-11-30")
    await expect(figure(page, "Đảng viên")).to_have_text("2.712")
    await expect(page.get_by_label("Ngày", exact=True)).to_have_value("2020-11-30")


async def test_the_gap_of_april_2020(page: Page) -> None:
    await page.goto(DAY)
    map_ = page.locator("figure.heat")
    await expect(map_).to_contain_text(
        "Gián đoạn nhiều nhất: tháng 04/2020, 221 trong 245 chi bộ không họp (90,2 %)"
    )
    # What is seen is what is counted: the column of April is put off nearly from top to bottom.
    colours = await page.evaluate("""() => {
        const map = document.querySelector(".cells"), found = {};
        map.scrollIntoView({block: "center"});
        for (let row = 0; row < 100; row++) {
            const at = map.getBoundingClientRect(), y = at.top + at.height * (row + .5) / 100;
            const seen = document.elementFromPoint(at.left + at.width * 16.4 / 24, y);
            found[seen.getAttribute("class")] = (found[seen.getAttribute("class")] ?? 0) + 1;
        }
        return found;
    }""")
    assert colours["put-off"] >= 80
    await page.get_by_text("Bảng số liệu theo tháng").click()
    april = page.locator("#months-table tr").filter(has_text="04/2020")
    assert (await april.inner_text()).split("\t") == ["04/2020", "245", "24", "220", "1", "0", "9,8 %"]
    # The cell under the pointer is named, with what became of its month, and opened by a click.
    cells = page.locator(".cells")
    box = await cells.bounding_box()
    assert box
    await cells.hover(position={"x": box["width"] * 16.4 / 24, "y": box["height"] * 0.6})
    told = await page.locator(".pointed").inner_text()
    seen = await page.evaluate("document.querySelector('.cells path:hover').getAttribute('class')")
    name, code = re.fullmatch(rf"(.+) (K[.\d]+), tháng 04/2020: {SHORT[seen]}", told).groups()
    await page.mouse.down()
    await page.mouse.up()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(page).to_have_url(f"/?unit={code}&as_of=2020-11-30")


async def test_what_working_teams_saw(page: Page) -> None:
    await page.goto(DAY)
    visited = await figure(page, "Lượt dự sinh hoạt").inner_text()
    assert int(visited) > 0
    scores = page.locator("figure", has=page.get_by_role("heading", name="Chấm điểm cuộc họp"))
    await expect(scores).to_contain_text("Cuộc họp được tổ công tác chấm, theo xếp loại và tháng")
    assert await scores.locator("rect.reactive").count() == 12 * 4
    # The list tells of all that is still to be put right, what is late among it.
    due = page.locator("figure", has=page.get_by_role("heading", name="Hạn chế còn phải khắc phục"))
    rows = [(await row.inner_text()).split("\t") for row in await due.locator("tbody tr").all()]
    more = re.search(r"Và (\d+) hạn chế khác", await due.inner_text())
    counted = sum(int(row[-1]) for row in rows) + (int(more[1]) if more else 0)
    assert str(counted) == await figure(page, "Hạn chế còn phải khắc phục").inner_text()
    days = [row[1][:10].split("/")[::-1] for row in rows]
    assert days == sorted(days)
    late = sum(int(row[-1]) for row in rows if "quá hạn" in row[1])
    assert late <= int(await figure(page, "Hạn chế quá hạn").inner_text())


async def test_today_follows_what_is_recorded(page: Page, example: dict[str, ServiceProcess]) -> None:
    await page.goto("/?unit=K.01.01")
    before = int(await figure(page, "Đảng viên").inner_text())
    admitted = (
        "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
        f"left_reason\nDV-900001,K.01.01,Lò Văn Thưởng,1980-05-01,male,Thái,Không,no,{date.today()},,,\n"  # noqa: DTZ011
    )
    Client(example["membership"].url).post(
        "/v1/imports/members", content=admitted.encode(), headers={"Content-Type": "text/csv"}
    )
    await expect(figure(page, "Đảng viên")).to_have_text(str(before + 1))


async def test_what_was_known_on_a_day_is_chosen_by_keyboard_and_stays_in_the_link(
    browser: Browser, example: dict[str, ServiceProcess]
) -> None:
    page = await browser.new_page(base_url=example["reporting"].url)
    await page.goto(DAY)
    choice = page.get_by_text("Như đã biết khi đó")
    await choice.focus()
    await page.keyboard.press("Enter")
    known_on = page.get_by_label("Theo số liệu đã biết đến hết ngày")
    await known_on.fill("2020-12-05")  # all of the example was recorded later
    await known_on.press("Tab")
    await expect(page).to_have_url(re.compile(r"as_of=2020-11-30&known_on=2020-12-05$"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Không có tổ chức đảng này")
    await page.get_by_role("link", name="Xem theo số liệu đã biết đến nay").click()
    await expect(figure(page, "Đảng viên")).to_have_text("2.712")
    await page.goto("/?as_of=2020-11-30&known_on=2020-12-05")
    await expect(page.get_by_role("heading", name="Sau này biết thêm")).to_be_visible()
    row = page.get_by_role("row", name="Đảng viên 0 2.712")
    await expect(row).to_contain_text("tăng 2.712")
    await expect(known_on).to_have_value("2020-12-05")
    await page.emulate_media(media="print")
    await expect(row).to_be_visible()
    await expect(page.locator(".day")).to_contain_text("đã biết đến hết ngày 05/12/2020")
    await expect(known_on).to_be_hidden()
    await page.close()


async def test_a_unit_is_found_without_its_marks(page: Page) -> None:
    await page.goto(DAY)
    await page.get_by_role("searchbox").fill("so noi vu")
    rows = page.locator("#units tbody tr:visible")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("Đảng bộ Sở Nội vụ")


async def test_nothing_is_said_of_the_few_people_of_a_cell(page: Page) -> None:
    await page.goto("/?unit=K.01.01&as_of=2020-11-30")
    await expect(page.get_by_text("Đảng viên nữ", exact=True)).to_be_visible()
    for label in ("Dân tộc thiểu số", "Có đạo"):
        await expect(page.get_by_text(label, exact=True)).to_have_count(0)


async def test_a_service_that_is_away_is_told_and_tried_again(
    browser: Browser, example: dict[str, ServiceProcess]
) -> None:
    page = await browser.new_page(base_url=example["reporting"].url)
    await page.goto(DAY)
    await page.route("**/?unit=*", lambda route: route.abort())
    await page.get_by_role("link", name="Đảng bộ Sở Nội vụ").click()
    await expect(page.get_by_role("alert")).to_contain_text("đang gián đoạn")
    await expect(figure(page, "Đảng viên")).to_have_text("2.712")
    await page.unroute("**/?unit=*")
    await page.get_by_role("button", name="Thử lại").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đảng bộ Sở Nội vụ")
    await expect(page.get_by_role("alert")).to_be_hidden()
    await page.close()


async def test_it_reads_without_scripts(browser: Browser, example: dict[str, ServiceProcess]) -> None:
    context = await browser.new_context(base_url=example["reporting"].url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(DAY)
    await expect(figure(page, "Đảng viên")).to_have_text("2.712")
    await page.get_by_label("Ngày", exact=True).fill("2019-12-31")
    await page.get_by_role("button", name="Xem").click()
    await expect(page.locator(".day")).to_contain_text("31/12/2019")
    await page.get_by_role("link", name="Đảng bộ Sở Nội vụ").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Đảng bộ Sở Nội vụ")
    await context.close()


@pytest.mark.parametrize(
    ("scheme", "size", "addresses"),
    [
        (
            "light",
            PROJECTOR,
            [f"{DAY}&known_on=2020-12-05", "/?unit=K.01.01&as_of=2020-11-30", "/?unit=K.99"],
        ),
        ("dark", PHONE, ["/?unit=K.04&as_of=2020-11-30", "/?as_of=1990-01-01"]),
    ],
)
async def test_accessible_by_axe(
    browser: Browser, example: dict[str, ServiceProcess], scheme: Any, size: Any, addresses: list[str]
) -> None:
    page = await browser.new_page(base_url=example["reporting"].url, viewport=size, color_scheme=scheme)
    for address in addresses:
        await page.goto(address)
        found = await Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        # Nothing is cut off at the side.
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    await page.close()


async def test_little_is_sent_and_all_of_it_by_us(page: Page, example: dict[str, ServiceProcess]) -> None:
    requests: list[Request] = []

    def note(request: Request) -> None:  # playwright cannot call a built-in method
        requests.append(request)

    page.on("requestfinished", note)
    await page.goto(DAY, wait_until="networkidle")
    sizes = [await request.sizes() for request in requests]
    assert {urlsplit(request.url).netloc for request in requests} == {
        urlsplit(example["reporting"].url).netloc
    }
    assert len(requests) >= 3
    assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) < 300_000
