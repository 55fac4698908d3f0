"""`chibo members search` and `chibo units show`: people and units of the register, as tables and trees or as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from chibo import words
from chibo.client import Client
from chibo.console import OUT
from chibo.words import UNIT_TYPES, number


def search(
    client: Client, typed: str, *, unit: str | None, as_of: str | None, limit: int, actor: str
) -> dict[str, Any]:
    """Return the first members found, `limit` at most, read as `actor`. Raises as `Client.get`."""
    answer: dict[str, Any] = client.get(
        "/v1/members",
        headers={"X-Chibo-Actor": actor},
        q=typed,
        unit=unit,
        as_of=as_of,
        limit=str(limit),
    )
    return answer


def show_members(answer: Mapping[str, Any]) -> None:
    """Print the members found as a table in Vietnamese."""
    items = answer["items"]
    if not items:
        OUT.print("Không tìm thấy đảng viên nào. Có thể gõ không dấu, hoặc chỉ gõ tên.")
        return
    table = Table(
        "Mã", "Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Loại", "Ngày vào Đảng", "Ngày chính thức"
    )
    for item in items:
        table.add_row(
            escape(item["code"]),
            escape(item["full_name"]),
            _day(item["birth_date"]),
            words.GENDERS[item["gender"]],
            escape(item["cell_code"]),
            words.STANDINGS[item["standing"]],
            _day(item["admitted_on"]),
            _day(item["official_on"]),
        )
    OUT.print(table)
    if answer["next"]:
        OUT.print(
            f"Còn nữa sau {number(len(items))} người này; hãy gõ thêm chữ, hoặc xem nhiều hơn bằng --limit."
        )
    else:
        OUT.print(f"Tất cả: {number(len(items))}")


def card(client: Client, code: str, *, as_of: str | None) -> dict[str, Any]:
    """Return the card of a unit on a day, today for None. Raises as `Client.get`."""
    answer: dict[str, Any] = client.get(f"/v1/organisations/{quote(code, safe='')}/card", as_of=as_of)
    return answer


def show_card(answer: Mapping[str, Any]) -> None:
    """Print a unit's card in Vietnamese: its place in the tree, its members, what is below, what rules call for."""
    unit = answer["unit"]
    OUT.print(f"[bold]{escape(unit['name'])}[/] — ngày {_day(answer['as_of'])}")
    if not answer["exists"]:
        gone = f"đã giải thể ngày {_day(unit['dissolved_on'])}"
        not_yet = f"thành lập ngày {_day(unit['established_on'])}"
        OUT.print(f"[yellow]Không có vào ngày này: {gone if _is_over(answer) else not_yet}.[/]")
    OUT.print(_tree(answer))
    table = Table("Đảng viên", "Chính thức", "Dự bị")
    members = answer["members"]
    table.add_row(*[number(members[name]) for name in ("total", "official", "probationary")])
    OUT.print(table)
    for warning in answer["warnings"]:
        OUT.print(f"[yellow]![/] {escape(warning['message'])} Căn cứ: {escape(warning['source'])}.")


def _tree(answer: Mapping[str, Any]) -> Tree:
    """Return the units from the root down to those directly below, one on each line."""
    lines = [_unit(unit) for unit in answer["path"]]
    lines.append(f"[bold]{_unit(answer['unit'])}[/]")
    root = branch = Tree(lines[0], guide_style="dim")
    for line in lines[1:]:
        branch = branch.add(line)
    for child in answer["children"]:
        branch.add(f"{_unit(child)} · {_strength(child['members'])}{_marks(child['warnings'])}")
    return root


def _unit(unit: Mapping[str, Any]) -> str:
    return f"{escape(unit['code'])} {escape(unit['name'])} [dim]({UNIT_TYPES[unit['type']]})[/]"


def _strength(members: Mapping[str, int]) -> str:
    return f"{number(members['total'])} đảng viên, {number(members['official'])} chính thức"


def _marks(warnings: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f" [yellow]! {escape(warning['message'])}[/]" for warning in warnings)


def _is_over(answer: Mapping[str, Any]) -> bool:
    end = answer["unit"]["dissolved_on"]
    return end is not None and end <= answer["as_of"]


def _day(text: str | None) -> str:
    return words.day(text, missing="–")
