"""`chibo units`: one unit as it is, what decisions make of it, what is recorded of it, and how that is put right."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.membership import registers
from chibo.options import (
    MEMBERSHIP,
    AsOf,
    CorrectedOn,
    DecisionDate,
    DocumentDate,
    DocumentNumber,
    Json,
    KnownAt,
    MembershipUrl,
    On,
    decision,
    give,
    iso,
    warn,
)
from chibo.words import UNIT_TYPES, number

app = typer.Typer(
    help="Tổ chức đảng: thành lập, đổi tên, chuyển cấp trên, sáp nhập, chia tách, nâng cấp, giải thể; xem và sửa.",
    no_args_is_help=True,
)


class UnitType(StrEnum):
    """What a unit is, as membership calls it."""

    BLOC = "bloc"
    GRASSROOTS_COMMITTEE = "grassroots_committee"
    DIVISIONAL_COMMITTEE = "divisional_committee"
    GRASSROOTS_CELL = "grassroots_cell"
    SUBORDINATE_CELL = "subordinate_cell"


_KINDS: Final = {
    "established": "thành lập",
    "renamed": "đổi tên",
    "reparented": "chuyển cấp trên",
    "upgraded": "nâng cấp",
    "dissolved": "giải thể",
    "withdrawal": "hủy",
}
_STATUS: Final = {
    "stands": "đúng",
    "replaced": "đã sửa ở số {replaced_by}",
    "withdrawn": "đã hủy",
    "withdrawal": "hủy số {corrects}",
}

_Code = Annotated[str, typer.Argument(help="Mã tổ chức đảng.")]
_New = Annotated[
    list[str], typer.Option("--new", metavar="CODE=TÊN", help="Đơn vị mới: mã và tên; ghi nhiều lần được.")
]
_Place = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        metavar="CODE=MỚI",
        help="Đảng viên (hoặc đơn vị trực thuộc) về đơn vị mới nào; ghi nhiều lần được.",
    ),
]
_Places = Annotated[
    Path | None,
    typer.Option(
        "--places",
        exists=True,
        dir_okay=False,
        help="Tệp CSV có dòng tiêu đề, hai cột: mã đảng viên (hoặc đơn vị), mã đơn vị mới.",
    ),
]


@app.command()
def show(code: _Code, *, as_of: AsOf = None, url: MembershipUrl = MEMBERSHIP, json: Json = False) -> None:
    """In thẻ của một tổ chức đảng: cấp trên, cấp dưới, số đảng viên và điều cần xem xét."""
    with refusals_shown():
        give(registers.card(Client(url), code, as_of=iso(as_of)), registers.show_card, json=json)


@app.command()
def establish(
    code: _Code,
    *,
    name: Annotated[str, typer.Option(help="Tên.")],
    type_: Annotated[UnitType, typer.Option("--type", help="Loại.")],
    parent: Annotated[str | None, typer.Option(help="Mã cấp trên; chỉ đảng bộ Khối không có.")] = None,
    on: On,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Thành lập một tổ chức đảng."""
    asked = {
        "code": code, "name": name, "type": type_, "parent_code": parent, "established_on": iso(on),
        **decision(decision_date, document, document_date),
    }  # fmt: skip
    with refusals_shown():
        give(Client(url).send("/v1/organisations", asked), _show_done, json=json)


@app.command()
def rename(
    code: _Code,
    *,
    name: Annotated[str, typer.Option(help="Tên mới.")],
    on: On,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đổi tên một tổ chức đảng từ một ngày; mã giữ nguyên."""
    body = {"name": name, **decision(decision_date, document, document_date)}
    with refusals_shown():
        give(_send(url, code, "rename", on, body), _show_done, json=json)


@app.command()
def reparent(
    code: _Code,
    *,
    parent: Annotated[str, typer.Option(help="Mã cấp trên mới.")],
    type_: Annotated[
        UnitType | None, typer.Option("--type", help="Loại mới, nếu cấp trên mới làm đổi loại.")
    ] = None,
    on: On,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Chuyển một tổ chức đảng, cùng mọi đơn vị trực thuộc, về cấp trên khác từ một ngày."""
    body = {"parent_code": parent, "type": type_, **decision(decision_date, document, document_date)}
    with refusals_shown():
        give(_send(url, code, "reparent", on, body), _show_done, json=json)


@app.command()
def dissolve(
    code: _Code,
    *,
    on: On,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Giải thể một tổ chức đảng; chức vụ, nhiệm kỳ kết thúc theo."""
    body = {"dissolved_on": iso(on), **decision(decision_date, document, document_date)}
    with refusals_shown():
        give(Client(url).send(f"{_path(code)}/dissolution", body), _show_done, json=json)


@app.command()
def merge(
    target: Annotated[str, typer.Argument(help="Mã đơn vị nhận; với --name là mã của đơn vị mới.")],
    sources: Annotated[list[str], typer.Argument(help="Mã các đơn vị bị sáp nhập.")],
    *,
    on: On,
    name: Annotated[
        str | None, typer.Option(help="Hợp nhất: tên của đơn vị mới, lập theo cùng quyết định.")
    ] = None,
    type_: Annotated[UnitType | None, typer.Option("--type", help="Loại của đơn vị mới.")] = None,
    parent: Annotated[str | None, typer.Option(help="Mã cấp trên của đơn vị mới.")] = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sáp nhập các đơn vị vào một đơn vị, hoặc hợp nhất thành đơn vị mới; đảng viên, đơn vị trực thuộc đi theo."""
    if (name is None) != (type_ is None):
        raise typer.BadParameter("Đơn vị mới cần cả tên (--name) và loại (--type).")
    new = {"establish": {"name": name, "type": type_, "parent_code": parent}} if name else {}
    body = {"sources": sources, **new, **decision(decision_date, document, document_date)}
    with refusals_shown():
        give(_send(url, target, "merger", on, body), _show_done, json=json)


@app.command()
def split(
    code: _Code,
    *,
    on: On,
    new: _New,
    place: _Place = None,
    places: _Places = None,
    ends: Annotated[
        bool, typer.Option("--ends", help="Đơn vị cũ kết thúc; mọi đảng viên, đơn vị phải có nơi về.")
    ] = False,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Chia, tách một đơn vị: lập các đơn vị mới với đảng viên của chi bộ, hoặc đơn vị trực thuộc của đảng bộ."""
    with refusals_shown():
        unit = Client(url).get(_path(code), as_of=on.isoformat())
        placed = "members" if unit["type"].endswith("_cell") else "units"
        parts = _parts(new, _pairs(place, places), placed)
        body = {"parts": parts, "goes_on": not ends, **decision(decision_date, document, document_date)}
        give(_send(url, code, "split", on, body), _show_done, json=json)


@app.command()
def upgrade(
    code: _Code,
    *,
    on: On,
    new: _New = [],  # noqa: B006 - typer's own way of an option that may be left out
    place: _Place = None,
    places: _Places = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Nâng chi bộ cơ sở thành đảng bộ cơ sở, lập các chi bộ trực thuộc và chuyển đảng viên về đó."""
    with refusals_shown():
        cells = _parts(new, _pairs(place, places), "members")
        body = {"cells": cells, **decision(decision_date, document, document_date)}
        give(_send(url, code, "upgrade", on, body), _show_done, json=json)


@app.command()
def correct(
    code: _Code,
    fact: Annotated[int, typer.Argument(help="Số của sự kiện, như `chibo units history` in ra.")],
    *,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Sự kiện không hề có: hủy nó.")] = False,
    on: CorrectedOn = None,
    name: Annotated[str | None, typer.Option(help="Tên đúng, khi sửa việc thành lập, đổi tên.")] = None,
    parent: Annotated[
        str | None, typer.Option(help="Mã cấp trên đúng, khi sửa việc thành lập, chuyển cấp trên.")
    ] = None,
    type_: Annotated[UnitType | None, typer.Option("--type", help="Loại đúng, đi cùng cấp trên.")] = None,
    decision_date: DecisionDate = None,
    document: DocumentNumber = None,
    document_date: DocumentDate = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Sửa hoặc hủy một điều đã ghi về đơn vị; điều ghi trước đó vẫn còn trong lịch sử."""
    asked = {
        "fact": fact,
        "withdraw": withdraw or None,
        "effective_date": iso(on),
        "name": name,
        "parent_code": parent,
        "type": type_,
    }
    order = decision(decision_date, document, document_date)
    with refusals_shown():
        answer = Client(url).send(f"{_path(code)}/corrections", asked | order)
        give(answer, _show_done, json=json)


@app.command()
def history(
    code: _Code, known_at: KnownAt = None, url: MembershipUrl = MEMBERSHIP, json: Json = False
) -> None:
    """In lịch sử của một đơn vị: điều gì đã được quyết định, ghi lúc nào, và điều gì là đúng."""
    with refusals_shown():
        answer = Client(url).get(f"{_path(code)}/history", known_at=known_at)
        give(answer, _show_history, json=json)


def _path(code: str) -> str:
    return f"/v1/organisations/{quote(code, safe='')}"


def _send(url: str, code: str, what: str, on: date, body: Mapping[str, Any]) -> dict[str, Any]:
    return Client(url).send(f"{_path(code)}/{what}", {"effective_date": on.isoformat(), **body})


def _pairs(given: Iterable[str] | None, file: Path | None) -> dict[str, str]:
    """Return where each member or unit goes. Raises Refused where it cannot be read, or one goes to two."""
    pairs = [_pair(text) for text in given or ()]
    if file is not None:
        with file.open(encoding="utf-8-sig", newline="") as rows:
            for line, row in enumerate(csv.reader(rows), 1):
                if line == 1 or not any(cell.strip() for cell in row):
                    continue
                if len(row) != 2 or not all(cell.strip() for cell in row):
                    raise Refused(f"{file.name}, dòng {line}: cần đúng hai ô, mã và mã đơn vị mới.")
                pairs.append((row[0].strip(), row[1].strip()))
    found: dict[str, str] = {}
    for code, part in pairs:
        if found.setdefault(code, part) != part:
            raise Refused(f"“{code}” được ghi về hai nơi: {found[code]} và {part}. Hãy bỏ một.")
    return found


def _pair(text: str) -> tuple[str, str]:
    left, equals, right = (part.strip() for part in text.partition("="))
    if not (left and equals and right):
        raise Refused(f"“{text}” cần dạng MÃ=GIÁ TRỊ, ví dụ K.01.05=Chi bộ Khoa Nhi.")
    return left, right


def _parts(new: Iterable[str], places: Mapping[str, str], placed: str) -> list[dict[str, Any]]:
    """Return the new units with what goes to each. Raises Refused for a place that is none of them."""
    parts = {code: {"code": code, "name": name, placed: []} for code, name in map(_pair, new)}
    for code, part in places.items():
        if part not in parts:
            raise Refused(f"“{code}” được ghi về “{part}”, không phải đơn vị mới nào (--new).")
        parts[part][placed].append(code)  # type: ignore[attr-defined]
    return list(parts.values())


def _show_done(answer: Mapping[str, Any]) -> None:
    """Print what became of the unit and of the others."""
    OUT.print(f"Đã ghi. {escape(answer['code'])} {escape(answer['name'])} nay là bản {answer['version']}.")
    for unit in answer.get("units", ()):
        end = f", kết thúc ngày {words.day(unit['dissolved_on'], missing='')}" if unit["dissolved_on"] else ""
        OUT.print(
            f"  {escape(unit['code'])} {escape(unit['name'])} [dim]({UNIT_TYPES[unit['type']]})[/]{end}"
        )
    if answer.get("members_moved"):
        OUT.print(f"Số đảng viên chuyển theo: {number(answer['members_moved'])}")
    warn(answer)


def _show_history(answer: Mapping[str, Any]) -> None:
    recorded = Table("Số", "Ghi lúc", "Việc", "Hiệu lực", "Quyết định", "Văn bản", "Nội dung", "Hiện nay")
    for entry in answer["changes"]:
        recorded.add_row(
            str(entry["version"]),
            entry["recorded_at"][:16].replace("T", " "),
            _KINDS[entry["kind"]],
            words.day(entry["effective_date"], missing=""),
            words.day(entry["decision_date"], missing=""),
            escape(entry["document"]["number"]) if entry["document"] else "",
            _said(entry["after"]),
            _STATUS[entry["status"]].format(**entry),
        )
    OUT.print(recorded)
    timeline = Table("Từ ngày", "Tên", "Loại", "Cấp trên")
    for state in answer["timeline"]:
        timeline.add_row(
            words.day(state["from"], missing=""),
            escape(state["name"]),
            UNIT_TYPES[state["type"]],
            escape(state["parent_code"] or ""),
        )
    if answer["dissolved_on"]:
        timeline.add_row(words.day(answer["dissolved_on"], missing=""), "giải thể", "", "")
    OUT.print(timeline)


def _said(side: Mapping[str, Any] | None) -> str:
    if side is None:
        return ""
    said = [
        escape(side["name"] or ""),
        UNIT_TYPES[side["type"]] if side["type"] else "",
        f"thuộc {escape(side['parent_code'])}" if side["parent_code"] else "",
    ]
    return ", ".join(part for part in said if part)
