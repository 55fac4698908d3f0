"""`chibo members show`: one member on a day and all that was recorded of them, as people read it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

import typer
from rich.markup import escape
from rich.table import Table

from chibo import words
from chibo.client import Client
from chibo.console import OUT, refusals_shown
from chibo.membership.ratings import GRADES
from chibo.options import MEMBERSHIP, AsOf, Json, MembershipUrl, Reader, give

_COUNTED_FROM: Final = {
    "admission_decision": "tính từ ngày quyết định kết nạp",
    "admission": "tạm tính từ ngày kết nạp",
}
_STATUS: Final = {"stands": "", "replaced": "đã sửa", "withdrawn": "đã hủy", "withdrawal": ""}


def member(
    code: Annotated[str, typer.Argument(help="Mã đảng viên.")],
    as_of: AsOf = None,
    actor: Reader = "unknown",
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """In thẻ của một đảng viên: nơi sinh hoạt, các mốc thời gian, chức vụ, xếp loại và mọi điều đã ghi."""
    with refusals_shown():
        answer: dict[str, Any] = Client(url).get(
            f"/v1/members/{quote(code, safe='')}/card",
            headers={"X-Chibo-Actor": actor},
            as_of=as_of.isoformat() if as_of else None,
        )
        give(answer, show, json=json)


def show(card: Mapping[str, Any]) -> None:
    """Print a member's card in Vietnamese."""
    who = card["member"]
    OUT.print(f"[bold]{escape(who['full_name'])}[/] ({escape(who['code'])}) — ngày {_day(card['as_of'])}")
    religion = escape(who["religion"]) if who["religion"] else "không"
    OUT.print(
        f"Sinh ngày {_day(who['birth_date'])}, {words.GENDERS[who['gender']].lower()}, "
        f"dân tộc {escape(who['ethnicity'])}, tôn giáo: {religion}"
    )
    for column, label in (("card_number", "Số thẻ đảng viên"), ("file_number", "Số lý lịch đảng viên")):
        if card["numbers"][column]:
            OUT.print(f"{label}: {card['numbers'][column]}")
    _show_place(card)
    _show_clocks(card)
    for spell in card["spells"]:
        until = f", dự kiến đến ngày {_day(spell['until'])}" if spell["until"] else ""
        where = f" tại {escape(spell['cell_code'])}" if spell["cell_code"] else ""
        OUT.print(f"{words.SPELLS[spell['kind']]}{where} từ ngày {_day(spell['from_on'])}{until}")
    for held in card["positions"]:
        unit = escape(held["organisation_name"])
        OUT.print(f"{words.POSITIONS[held['position']]} {unit} từ ngày {_day(held['from_on'])}")
    if transfer := card["transfer"]:
        overdue = ", quá hạn" if transfer["overdue"] else ""
        where = transfer["destination_name"] or transfer["outside"] or "ngoài Khối"
        state = words.TRANSFER_STATES[transfer["state"]]
        OUT.print(f"Đang chuyển sinh hoạt đảng đến {escape(where)}: {state}{overdue}")
    _show_timeline(card)


def _show_place(card: Mapping[str, Any]) -> None:
    place, who = card["place"], card["member"]
    if place is None:
        left = f"; đã ra ngày {_day(who['left_on'])}" if who["left_on"] else ""
        OUT.print(f"[yellow]Không có trong danh sách vào ngày này{left}.[/]")
        return
    path = " › ".join(escape(unit["name"]) for unit in (*place["path"], place["cell"]))
    OUT.print(f"{path}, từ ngày {_day(place['since'])}")


def _show_clocks(card: Mapping[str, Any]) -> None:
    review, age, badge = card["review"], card["party_age"], card["next_badge"]
    if review:
        until = _day(review["due_until"]) if review["due_until"] else "chưa có lịch"
        OUT.print(f"Đảng viên dự bị; hết dự bị ngày {_day(review['due_from'])}, hạn xét {until}")
    if age:
        since = f"{_COUNTED_FROM[age['counted_from']]} {_day(age['since'])}"
        OUT.print(f"Đảng viên chính thức; tuổi Đảng: {age['years']} năm ({since})")
    if badge:
        full = f"đủ ngày {_day(badge['years_full_on'])}, đợt {_day(badge['award_day'])}"
        OUT.print(f"Huy hiệu Đảng tiếp theo: {badge['years']} năm ({full})")


def _show_timeline(card: Mapping[str, Any]) -> None:
    table = Table("Ngày", "Điều đã ghi", "Quyết định", "Ghi lúc", "")
    for entry in card["timeline"]:
        table.add_row(
            _day(entry["effective_date"]),
            escape(_SAID[entry["about"]](entry)),
            words.day(entry["decision_date"], missing="–"),
            words.instant(entry["recorded_at"]),
            _STATUS[entry["status"]],
        )
    OUT.print(table)


def _membership(entry: Mapping[str, Any]) -> str:
    fact = entry["fact"] or {}
    cell = f" ({fact['cell_code']})" if fact.get("cell_code") else ""
    return f"{words.FACTS[entry['what']]}{cell}"


def _position(entry: Mapping[str, Any]) -> str:
    held = entry["position"]
    what = {"began": "", "ended": "Thôi ", "withdrawn": "Hủy "}[entry["what"]]
    return f"{what}{words.POSITIONS[held['position']]} ({held['organisation_code']})"


def _rating(entry: Mapping[str, Any]) -> str:
    rating = entry["rating"]
    grade = GRADES[rating["grade"]] if rating["grade"] else "chưa xếp loại"
    return f"Xếp loại năm {rating['year']}: {grade}"


def _award(entry: Mapping[str, Any]) -> str:
    return f"Khen thưởng: {entry['award']['title']}"


def _transfer(entry: Mapping[str, Any]) -> str:
    transfer = entry["transfer"]
    ends = f"{transfer['origin_code'] or 'ngoài Khối'} → {transfer['destination_code'] or 'ngoài Khối'}"
    return f"Chuyển sinh hoạt đảng {ends}: {words.TRANSFER_STATES[entry['what']]}"


_SAID: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "membership": _membership,
    "position": _position,
    "rating": _rating,
    "award": _award,
    "transfer": _transfer,
}


def _day(text: str) -> str:
    return words.day(text, missing="–")
