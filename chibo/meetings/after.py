"""`chibo meetings score|correct`: what comes after a meeting: its points, and minutes that turn out wrong."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.meetings.form_rows import SHEETS, asked_by
from chibo.meetings.refs import MeetingName, day_of, meeting_path, one, send
from chibo.meetings.tables import Mistakes, read
from chibo.options import MEETINGS, MEMBERSHIP, Json, MeetingsUrl, Reader, give, parse_day, warn
from chibo.people import People, RegisterUrl, ids_of, people_of
from chibo.words import CRITERIA, code_of

app = typer.Typer()
"""Commands that `chibo meetings` takes in."""


class Whose(StrEnum):
    """Whose points they are, as the service calls it."""

    SELF = "self"
    OFFICIAL = "official"


@app.command("score")
def score(
    *,
    meeting: MeetingName,
    kind: Annotated[Whose, typer.Option(help="self: chi bộ tự chấm; official: cấp trên chấm.")],
    on: Annotated[date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày chấm.")],
    points: Annotated[
        list[str],
        typer.Argument(
            metavar="MỤC=ĐIỂM...", help=f"Điểm từng mục, như “nội dung=22,5”: {', '.join(CRITERIA.values())}."
        ),
    ],
    url: MeetingsUrl = MEETINGS,
    json: Json = False,
) -> None:
    """Ghi điểm của một cuộc họp theo khung điểm có hiệu lực ngày họp: chi bộ tự chấm, hoặc cấp trên chấm."""
    with refusals_shown():
        client = Client(url)
        found = one(client, meeting)
        body = {"kind": kind.value, "decided_on": on.isoformat(), "points": dict(map(_points, points))}
        answer = send(client, f"{meeting_path(found['id'])}/scores", body, version=found["version"])
        give(answer, _show_scored, json=json)


@app.command("correct")
def correct(
    *,
    meeting: MeetingName,
    reason: Annotated[str, typer.Option(help="Lý do đính chính.")],
    on: Annotated[
        date, typer.Option("--on", parser=parse_day, metavar="YYYY-MM-DD", help="Ngày thông qua đính chính.")
    ],
    by: Annotated[
        list[str], typer.Option(help="Mã người thông qua, ít nhất hai người, mỗi người một lần --by.")
    ],
    place: Annotated[str | None, typer.Option(help="Địa điểm đúng.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Biểu mẫu .xlsx ghi lại đúng giờ, điểm danh, diễn biến (chibo meetings form)."
        ),
    ] = None,
    actor: Reader = "unknown",
    url: MeetingsUrl = MEETINGS,
    membership_url: RegisterUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Đính chính biên bản đã thông qua: thêm trang sổ nêu trang bị sai, lý do và điều đúng; trang cũ giữ nguyên."""
    with refusals_shown():
        client, register = Client(url), Client(membership_url)
        found = one(client, meeting)
        body: dict[str, Any] = {
            "reason": reason,
            "approved_on": on.isoformat(),
            "approved_by": ids_of(People(register, actor), by),
            "place": place,
        }
        if file:
            people = people_of(register, cell=found["cell_code"], on=day_of(found), ids=(), actor=actor)
            mistakes = Mistakes()
            asked = asked_by(read(file, SHEETS, mistakes), found, people)
            mistakes.check(file)
            body |= asked.holding | {"proceedings": asked.proceedings}
        answer = send(client, f"{meeting_path(found['id'])}/corrections", body, version=found["version"])
        give(answer, _show_corrected, json=json)


def _points(text: str) -> tuple[str, str]:
    """Return a criterion and its points, of a text as nội dung=22,5. Raises Refused."""
    name, _, given = text.partition("=")
    criterion = code_of(name, CRITERIA)
    if criterion is None or not given.strip():
        raise Refused(
            f"“{text}” không đọc được; hãy ghi mục và điểm, như “nội dung=22,5”."
            f" Các mục: {', '.join(CRITERIA.values())}."
        )
    return criterion, given.strip().replace(",", ".")


def _show_scored(answer: Mapping[str, Any]) -> None:
    OUT.print("Đã ghi điểm; xem tổng điểm và xếp loại: chibo meetings show.")
    warn(answer)


def _show_corrected(answer: Mapping[str, Any]) -> None:
    one_ = answer["correction"]
    pages = ", ".join(map(str, one_["corrects"]))
    OUT.print(
        f"Đã ghi đính chính số {one_['number']} ({escape(one_['series'])}) ở trang {one_['page']} của sổ,"
        f" cho trang {pages}."
    )
    warn(answer)
