"""`chibo ratings`: annual ratings of members and units, recorded from a form and read as tables or as JSON."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown, step
from chibo.options import (
    MEMBERSHIP,
    DecisionDate,
    DocumentDate,
    DocumentNumber,
    Json,
    KnownAt,
    MembershipUrl,
    Reader,
    decision,
    give,
    warn,
)
from chibo.words import UNIT_TYPES, code_of, number

app = typer.Typer(help="Đánh giá, xếp loại hằng năm đảng viên và tổ chức đảng.", no_args_is_help=True)

GRADES: Final[Mapping[str, str]] = {
    "excellent": "Hoàn thành xuất sắc nhiệm vụ",
    "good": "Hoàn thành tốt nhiệm vụ",
    "completed": "Hoàn thành nhiệm vụ",
    "not_completed": "Không hoàn thành nhiệm vụ",
}
_REASONS: Final[Mapping[str, str]] = {
    "newly_formed": "Mới thành lập",
    "newly_admitted": "Mới kết nạp",
    "exempt": "Miễn công tác và sinh hoạt đảng",
    "suspended": "Đình chỉ sinh hoạt đảng",
    "other": "Lý do khác",
}
_SHORT: Final[Mapping[str, str]] = {
    "xuất sắc": "excellent",
    "tốt": "good",
    "hoàn thành": "completed",
    "không hoàn thành": "not_completed",
}
_STATUS: Final = {"stands": "đúng", "replaced": "đã sửa ở số {replaced_by}", "withdrawn": "đã hủy"}
_HEADERS: Final[Mapping[str, str]] = {
    "code": "Mã",
    "name": "Tên",
    "grade": "Xếp loại",
    "not_rated": "Lý do chưa xếp loại",
    "common": "Điểm tiêu chí chung",
    "results": "Điểm kết quả",
}
_FIELDS: Final = {header.casefold(): field for field, header in _HEADERS.items()}
_PAGE: Final = "500"

_Unit = Annotated[str, typer.Argument(help="Mã tổ chức đảng.")]
_Year = Annotated[int, typer.Option(help="Năm xếp loại.")]
_Of = Annotated[
    str | None,
    typer.Option(
        help="members (đảng viên) hoặc organisations (đơn vị trực thuộc); mặc định theo loại tổ chức đảng."
    ),
]


@app.command("form")
def form(
    *,
    unit: _Unit,
    file: Annotated[Path, typer.Argument(help="Tệp CSV sẽ ghi.")],
    year: _Year,
    of: _Of = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
) -> None:
    """Ghi tệp CSV để điền: những người hoặc đơn vị phải xếp loại, tính đến ngày 31/12 của năm."""
    with refusals_shown():
        if file.exists():
            raise Refused(f"Tệp {file} đã có. Hãy chọn tên khác.")
        client = Client(url)
        with file.open("w", encoding="utf-8-sig", newline="") as text:
            rows = csv.writer(text)
            rows.writerow(_HEADERS.values())
            count = 0
            for code, name in _candidates(client, unit, year, of=of, actor=actor):
                rows.writerow([code, name, *[""] * (len(_HEADERS) - 2)])
                count += 1
        OUT.print(f"Đã ghi {number(count)} dòng vào {escape(str(file))}.")


@app.command("record")
def record(
    *,
    unit: _Unit,
    file: Annotated[Path, typer.Argument(help="Tệp CSV đã điền, như `chibo ratings form` ghi ra.")],
    year: _Year,
    of: _Of = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Ghi cả danh sách xếp loại một năm của chi bộ, đảng bộ cơ sở, hoặc các đơn vị trực thuộc."""
    ordered = decision(decision_date, document, document_date)
    with refusals_shown():
        body = {"year": year, "of": of, "ratings": list(_lines(file)), **ordered}
        with step(f"Đã ghi {file.name}"):
            answer = Client(url).send(_path(unit, "ratings"), body)
        give(answer, _show_recorded, json=json)


@app.command("correct")
def correct(
    *,
    unit: Annotated[str, typer.Argument(help="Mã tổ chức đảng có danh sách.")],
    code: Annotated[str, typer.Argument(help="Mã đảng viên hoặc đơn vị được xếp loại.")],
    year: _Year,
    corrects: Annotated[
        int | None, typer.Option(help="Số của xếp loại cần sửa; bỏ trống khi bổ sung người bị sót.")
    ] = None,
    grade: Annotated[
        str | None, typer.Option(help="Mức đúng: excellent, good, completed, not_completed.")
    ] = None,
    not_rated: Annotated[
        str | None, typer.Option(help=f"Lý do chưa xếp loại: {', '.join(_REASONS)}.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Hủy xếp loại này.")] = False,
    of: _Of = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sửa, hủy hoặc bổ sung một xếp loại; điều ghi trước đó vẫn còn trong lịch sử."""
    ordered = decision(decision_date, document, document_date)
    body = {
        "year": year, "of": of, "code": code, "corrects": corrects, "grade": grade, "not_rated": not_rated,
        "withdraw": withdraw or None, **ordered,
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send(_path(unit, "rating-corrections"), body), _show_recorded, json=json)


@app.command("show")
def show(
    *,
    unit: _Unit,
    year: _Year,
    of: _Of = None,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In xếp loại một năm của đảng viên trong chi bộ, hoặc của các đơn vị trực thuộc."""
    with refusals_shown():
        path = _path(unit, "ratings")
        answer = _all_pages(Client(url), path, actor, year=str(year), of=of, known_at=known_at)
        give(answer, _show_year, json=json)


@app.command("history")
def history(
    *,
    code: Annotated[str, typer.Argument(help="Mã đảng viên, hoặc mã đơn vị với --unit.")],
    unit: Annotated[bool, typer.Option("--unit", help="Mã là mã của một tổ chức đảng.")] = False,
    known_at: KnownAt = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In xếp loại qua các năm của một đảng viên hoặc một tổ chức đảng, kể cả điều đã sửa."""
    known = quote(code, safe="")
    path = f"/v1/organisations/{known}/rating-history" if unit else f"/v1/members/{known}/ratings"
    with refusals_shown():
        answer = Client(url).get(path, headers={"X-Chibo-Actor": actor}, known_at=known_at)
        give(answer, _show_history, json=json)


def flag_eligible(
    *,
    year: _Year,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Mã tổ chức đảng, tính cả cấp dưới; bỏ trống là toàn bộ.")
    ] = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Tổ chức đảng đủ điều kiện xét cờ “Trong sạch, vững mạnh” tiêu biểu 5 năm liên tục."""
    with refusals_shown():
        answer = _all_pages(Client(url), "/v1/lists/flag-eligible", None, year=str(year), unit=unit)
        give(answer, _show_eligible, json=json)


def _path(unit: str, what: str) -> str:
    return f"/v1/organisations/{quote(unit, safe='')}/{what}"


def _candidates(
    client: Client, unit: str, year: int, *, of: str | None, actor: str
) -> Iterator[tuple[str, str]]:
    day, known = f"{year}-12-31", quote(unit, safe="")
    type_ = client.get(f"/v1/organisations/{known}", as_of=day)["type"]
    if of == "members" or (of is None and type_.endswith("_cell")):
        found = _all_pages(client, f"/v1/organisations/{known}/members", actor, as_of=day, subtree="true")
        yield from ((one["code"], one["full_name"]) for one in found["items"])
    else:
        found = _all_pages(client, "/v1/organisations", actor, parent=unit, as_of=day)
        yield from ((one["code"], one["name"]) for one in found["items"])


def _all_pages(client: Client, path: str, actor: str | None, **parameters: str | None) -> dict[str, Any]:
    headers = {"X-Chibo-Actor": actor} if actor else None
    items: list[dict[str, Any]] = []
    asked: dict[str, str | None] = {**parameters, "limit": _PAGE}
    while True:
        page: dict[str, Any] = client.get(path, headers=headers, **asked)
        items += page.pop("items")
        asked["cursor"] = page.pop("next")
        if asked["cursor"] is None:
            return {**page, "items": items}


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Return the lines of a form. Raises Refused where it cannot be read, with the line that is at fault."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"Không đọc được {file} ({type(error).__name__}). Hãy lưu tệp dạng CSV UTF-8."
        ) from error
    rows = csv.DictReader(text.splitlines())
    names = [_FIELDS.get(name.strip().casefold(), name.strip()) for name in rows.fieldnames or ()]
    if "code" not in names or not {"grade", "not_rated"} & set(names):
        raise Refused(f"{file.name}: thiếu cột. Tệp cần các cột: {', '.join(_HEADERS.values())}.")
    rows.fieldnames = names
    for row in rows:
        cells = {name: (row.get(name) or "").strip() for name in _HEADERS}
        if not any(cells.values()):
            continue
        yield _line(cells, f"{file.name}, dòng {rows.line_num}")


def _line(cells: Mapping[str, str], place: str) -> dict[str, Any]:
    line: dict[str, Any] = {"code": cells["code"]}
    if cells["grade"]:
        line["grade"] = _word(cells["grade"], GRADES, _SHORT, place)
    if cells["not_rated"]:
        line["not_rated"] = _word(cells["not_rated"], _REASONS, {}, place)
    points = {name: cells[name].replace(",", ".") for name in ("common", "results") if cells[name]}
    if points:
        line["points"] = points
    return line


def _word(text: str, labels: Mapping[str, str], others: Mapping[str, str], place: str) -> str:
    found = code_of(text, labels) or others.get(" ".join(text.split()).casefold())
    if found is None:
        raise Refused(f"{place}: không hiểu “{text}”. Hãy ghi một trong: {', '.join(labels.values())}.")
    return found


def rating_text(item: Mapping[str, Any]) -> str:
    """Return a grade, or the reason why there is none, in Vietnamese."""
    if item["grade"]:
        return GRADES[item["grade"]]
    return f"Chưa xếp loại: {_REASONS[item['not_rated']].lower()}"


def _show_recorded(answer: Mapping[str, Any]) -> None:
    OUT.print(
        f"Đã ghi {number(answer['ratings'])} xếp loại năm {answer['year']} của {escape(answer['organisation'])}"
        f" (bản {answer['version']})."
    )
    for cap in answer["caps"]:
        who = UNIT_TYPES[cap["type"]] if cap["type"] else "Đảng viên"
        OUT.print(
            f"{who}: {cap['excellent']} xuất sắc, được nhiều nhất {cap['allowed']}"
            f" ({cap['percent']}% của {cap['counted']})" + (", theo quy ước" if cap["provisional"] else "")
        )
    if answer["rule"]:
        OUT.print(f"Căn cứ: {escape(answer['rule']['title'])}")
    warn(answer)


def _show_year(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Xếp loại năm {answer['year']}[/] — {escape(answer['organisation'])}")
    table = Table("Mã", "Tên", "Đơn vị", "Xếp loại", "Điểm", "Theo điểm", "Số", "Danh sách của")
    for item in answer["items"]:
        table.add_row(
            escape(item["code"]),
            escape(item["name"]),
            escape(item["unit"]),
            rating_text(item),
            f"{item['points']['total']:g}" if item["points"] else "–",
            GRADES[item["proposed"]] if item["proposed"] else "–",
            str(item["number"]),
            escape(item["list"]),
        )
    OUT.print(table)
    counts = answer["counts"]
    told = [f"{GRADES[name]}: {number(counts[name])}" for name in GRADES]
    OUT.print("; ".join([*told, f"Chưa xếp loại: {number(counts['not_rated'])}"]))
    if answer["rule"]:
        OUT.print(f"Căn cứ: {escape(answer['rule']['title'])}")


def _show_history(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Xếp loại của {escape(answer['code'])}[/]")
    table = Table("Năm", "Số", "Danh sách của", "Xếp loại", "Ngày quyết định", "Văn bản", "Tình trạng")
    for entry in answer["entries"]:
        document = entry["document"]
        table.add_row(
            str(entry["year"]),
            str(entry["number"]),
            escape(entry["list"]),
            rating_text(entry),
            words.day(entry["decision_date"], missing="–"),
            escape(f"{document['number']} ({words.day(document['date'], missing='–')})") if document else "–",
            _STATUS[entry["status"]].format(**entry),
        )
    OUT.print(table)


def _show_eligible(answer: Mapping[str, Any]) -> None:
    OUT.print(f"[bold]Đủ điều kiện xét cờ 5 năm liên tục[/] — đến hết năm {answer['year']}")
    items = answer["items"]
    if items:
        table = Table("Mã", "Tên", "Loại", "Các năm", "Đã nhận cờ")
        for item in items:
            table.add_row(
                escape(item["code"]),
                escape(item["name"]),
                UNIT_TYPES[item["type"]],
                f"{item['years'][0]}–{item['years'][-1]}",
                words.day(item["flag_on"], missing="chưa"),
            )
        OUT.print(table)
        OUT.print(f"Căn cứ: {escape(items[0]['source'])}")
    OUT.print(f"Tất cả: {number(len(items))}")
