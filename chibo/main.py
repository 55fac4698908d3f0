"""The `chibo` command."""

import signal
import threading
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from chibo import (
    awards,
    dimensions,
    exporting,
    importing,
    lists,
    meeting_records,
    meetings,
    member_card,
    member_history,
    movement,
    positions,
    ratings,
    registers,
    stack,
    statistics,
    transfers,
    units,
)
from chibo import demo as demonstration
from chibo.client import Client
from chibo.console import ERR, OUT, refusals_shown, step
from chibo.importing import OnError
from chibo.options import Json as _Json
from chibo.options import MembershipUrl as _MembershipUrl
from chibo.options import Reader as _Reader
from chibo.options import give as _give
from chibo.options import parse_actor as _actor
from chibo.options import parse_day as _day

app = typer.Typer(
    help="Chi Bộ: tổ chức đảng, đảng viên, sinh hoạt chi bộ và thống kê.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
parked_app = typer.Typer(help="Sự kiện chưa áp dụng được, đang chờ quyết định.", no_args_is_help=True)
app.add_typer(parked_app, name="parked")
members_app = typer.Typer(help="Đảng viên: tìm, lịch sử và sửa điều đã ghi.", no_args_is_help=True)
app.add_typer(members_app, name="members")
lists_app = typer.Typer(help="Danh sách việc đến hạn của văn phòng.", no_args_is_help=True)
app.add_typer(lists_app, name="lists")
lists_app.command("flag-eligible")(ratings.flag_eligible)
app.add_typer(ratings.app, name="ratings")
app.add_typer(awards.app, name="awards")
app.add_typer(positions.positions_app, name="positions")
app.add_typer(positions.terms_app, name="terms")
lists_app.command("vacancies")(positions.vacancies)
lists_app.command("congresses-due")(positions.congresses_due)
app.add_typer(transfers.transfers_app, name="transfers")
app.add_typer(units.app, name="units")
meetings.app.add_typer(meeting_records.app)
app.add_typer(meetings.app, name="meetings")
lists_app.command("transfers-overdue")(transfers.overdue_list)

_KEPT: Final = Path(__file__).parents[1] / ".chibo" / "up"


class Kind(StrEnum):
    """What a file holds."""

    ORGANISATIONS = "organisations"
    MEMBERS = "members"
    TRANSFERS = "transfers"


_AsOf = Annotated[date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Ngày cần số liệu.")]
_By = Annotated[
    str | None,
    typer.Option(
        help="Phân tổ, cách nhau dấu phẩy: gender,ethnic_minority,religion,youth,standing,age_band."
    ),
]
_ListedOn = Annotated[
    date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Ngày của danh sách; mặc định hôm nay.")
]
_ListedUnit = Annotated[
    str | None, typer.Option("--unit", help="Mã tổ chức đảng, tính cả cấp dưới; bỏ trống là toàn bộ.")
]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")]
_ReportingUrl = Annotated[
    str, typer.Option("--url", envvar="CHIBO_REPORTING_URL", help="Địa chỉ dịch vụ reporting.")
]


@app.command()
def demo(
    organisations: Annotated[Path | None, typer.Option(help="Tệp tổ chức đảng (CSV, XLSX).")] = None,
    members: Annotated[Path | None, typer.Option(help="Tệp đảng viên (CSV, XLSX).")] = None,
    past_meetings: Annotated[
        Path | None, typer.Option("--meetings", help="Tệp các cuộc họp đã qua (CSV, XLSX).")
    ] = None,
    as_of: _AsOf = None,
    by: _By = None,
    json: _Json = False,
) -> None:
    """Chạy thử trọn đường đi của sự kiện trên máy chủ tạm, in số liệu rồi dọn sạch."""
    if (organisations is None) != (members is None):
        raise typer.BadParameter("Cần cả hai tệp --organisations và --members, hoặc không tệp nào.")
    with refusals_shown():
        if organisations is None or members is None:
            organisations, members = demonstration.EXAMPLE_ORGANISATIONS, demonstration.EXAMPLE_MEMBERS
            as_of = as_of or demonstration.EXAMPLE_DAY
            if not json:
                past_meetings = past_meetings or demonstration.EXAMPLE_MEETINGS
        outcome = demonstration.run(organisations, members, as_of, by=by, past_meetings=past_meetings)
        if json:
            statistics.print_json(statistics.published_form(outcome.statistics))
            return
        statistics.show(outcome.statistics)
        if outcome.meetings is not None:
            meetings.show(outcome.meetings)


@app.command()
def up(
    folder: Annotated[Path, typer.Option(help="Thư mục giữ dữ liệu.", file_okay=False)] = _KEPT,
    port_offset: Annotated[
        int,
        typer.Option(min=0, max=50_000, help="Cộng vào các cổng 8101, 8104 khi chúng đã có nơi khác dùng."),
    ] = 0,
) -> None:
    """Chạy tất cả dịch vụ trên máy chủ nhúng; dữ liệu được giữ lại cho lần sau. Ctrl-C để dừng."""
    with refusals_shown(), stack.services_running(folder, port_offset=port_offset) as urls:
        for name, url in urls.items():
            OUT.print(f"{name:12} {url}")
        ERR.print(f"Dữ liệu ở {folder}. Nhấn Ctrl-C để dừng.")
        threading.Event().wait()


@app.command("import")
def import_(
    kind: Kind,
    file: Path,
    on_error: Annotated[
        OnError, typer.Option(help="abort: có lỗi thì không nhập gì; skip: nhập các dòng đúng.")
    ] = OnError.ABORT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ kiểm tra và cho xem điều sẽ thay đổi, không nhập.")
    ] = False,
    errors_to: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="Ghi tệp kèm đánh dấu các ô có lỗi, nếu có lỗi.")
    ] = None,
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """Nhập tệp tổ chức đảng hoặc đảng viên."""
    with refusals_shown():
        with step(f"Đã {'kiểm tra' if dry_run else 'xử lý'} {file.name}"):
            answer = importing.import_file(
                Client(url), kind, file, on_error=on_error, dry_run=dry_run, errors_to=errors_to
            )
        _give(answer, lambda answer: OUT.print(importing.summary(answer)), json=json)


@app.command()
def export(
    kind: Kind,
    file: Path,
    unit: Annotated[str | None, typer.Option(help="Mã tổ chức đảng; bỏ trống là toàn bộ.")] = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=_day,
            metavar="YYYY-MM-DD",
            help="Chỉ những gì có vào ngày đó; bỏ trống là điều ghi sau cùng.",
        ),
    ] = None,
    overwrite: _Overwrite = False,
    actor: Annotated[
        str,
        typer.Option(
            envvar="CHIBO_ACTOR",
            parser=_actor,
            metavar="NAME",
            help="Người đọc, được ghi lại khi xuất đảng viên.",
        ),
    ] = "unknown",
    url: _MembershipUrl = "http://127.0.0.1:8101",
) -> None:
    """Xuất tổ chức đảng hoặc đảng viên ra tệp CSV, XLSX; tệp này nhập lại được."""
    with refusals_shown(), step(f"Đã xuất {file.name}"):
        exporting.export(
            Client(url), kind, file, unit=unit, as_of=_iso(as_of), actor=actor, overwrite=overwrite
        )


@app.command()
def template(
    kind: Kind, file: Path, overwrite: _Overwrite = False, url: _MembershipUrl = "http://127.0.0.1:8101"
) -> None:
    """Ghi tệp XLSX mẫu để điền: tiêu đề tiếng Việt, danh sách chọn và trang hướng dẫn."""
    with refusals_shown(), step(f"Đã ghi mẫu {file.name}"):
        exporting.template(Client(url), kind, file, overwrite=overwrite)


@app.command("statistics")
def statistics_(
    unit: Annotated[str | None, typer.Option(help="Mã tổ chức đảng; bỏ trống là toàn bộ.")] = None,
    as_of: _AsOf = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="Chỉ tính điều đã biết đến lúc đó.")
    ] = None,
    by: _By = None,
    url: _ReportingUrl = "http://127.0.0.1:8104",
    json: _Json = False,
) -> None:
    """In số liệu của một tổ chức đảng vào một ngày."""
    with refusals_shown():
        answer = Client(url).get(
            "/v1/statistics",
            unit=unit,
            as_of=_iso(as_of),
            known_at=known_at,
            by=by,
        )
        _give(answer, statistics.show, json=json)


@app.command("movement")
def movement_(
    unit: Annotated[str | None, typer.Option(help="Mã tổ chức đảng; bỏ trống là toàn bộ.")] = None,
    from_: Annotated[
        date | None,
        typer.Option(
            "--from", parser=_day, metavar="YYYY-MM-DD", help="Ngày đầu kỳ; mặc định 1/1 của năm cuối kỳ."
        ),
    ] = None,
    to: Annotated[
        date | None,
        typer.Option(
            parser=_day, metavar="YYYY-MM-DD", help="Ngày cuối kỳ, tính cả ngày đó; mặc định hôm nay."
        ),
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="Chỉ tính điều đã biết đến lúc đó.")
    ] = None,
    by_unit: Annotated[
        bool, typer.Option("--by-unit", help="Mỗi tổ chức đảng trực tiếp bên dưới một dòng.")
    ] = False,
    url: _ReportingUrl = "http://127.0.0.1:8104",
    json: _Json = False,
) -> None:
    """In biến động đảng viên trong kỳ: đầu kỳ, tăng, giảm theo lý do, cuối kỳ."""
    with refusals_shown():
        answer = movement.read(
            Client(url), unit=unit, first=_iso(from_), last=_iso(to), known_at=known_at, by_unit=by_unit
        )
        _give(answer, movement.show, json=json)


app.command("member")(member_card.member)


@members_app.command("search")
def members_search(
    words: Annotated[str, typer.Argument(help="Họ tên có dấu hoặc không dấu, chỉ tên, hoặc mã đảng viên.")],
    unit: _ListedUnit = None,
    as_of: _ListedOn = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Số người nhiều nhất.")] = 50,
    actor: _Reader = "unknown",
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """Tìm đảng viên: người có tên đúng như chữ cuối đứng trước, rồi theo thứ tự họ tên tiếng Việt."""
    with refusals_shown():
        answer = registers.search(Client(url), words, unit=unit, as_of=_iso(as_of), limit=limit, actor=actor)
        _give(answer, registers.show_members, json=json)


@app.command("unit")
def unit_(
    code: Annotated[str, typer.Argument(help="Mã tổ chức đảng.")],
    as_of: _ListedOn = None,
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """In thẻ của một tổ chức đảng: cấp trên, cấp dưới, số đảng viên và điều cần xem xét."""
    with refusals_shown():
        answer = registers.card(Client(url), code, as_of=_iso(as_of))
        _give(answer, registers.show_card, json=json)


@members_app.command("history")
def members_history(
    code: Annotated[str, typer.Argument(help="Mã đảng viên.")],
    known_at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="Như đã biết đến lúc đó (RFC 3339).")
    ] = None,
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """In lịch sử của một đảng viên: điều gì đã được ghi, lúc nào, và điều gì là đúng."""
    with refusals_shown():
        answer = member_history.read(Client(url), code, known_at=known_at)
        _give(answer, member_history.show, json=json)


@members_app.command("correct")
def members_correct(
    code: Annotated[str, typer.Argument(help="Mã đảng viên.")],
    fact: Annotated[int, typer.Argument(help="Số của sự kiện, như `chibo members history` in ra.")],
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Sự kiện không hề có, kể cả kết nạp ghi nhầm: hủy nó.")
    ] = False,
    effective_date: Annotated[
        date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Ngày hiệu lực đúng.")
    ] = None,
    decision_date: Annotated[
        date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Ngày quyết định đúng.")
    ] = None,
    left_reason: Annotated[str | None, typer.Option(help="Lý do đúng, chỉ cho sự kiện ra.")] = None,
    cell_code: Annotated[
        str | None, typer.Option(help="Chi bộ đúng; của việc vào danh sách, chuyển hay sinh hoạt tạm thời.")
    ] = None,
    until: Annotated[
        date | None, typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Ngày dự kiến kết thúc đúng.")
    ] = None,
    grounds: Annotated[str | None, typer.Option(help="Lý do miễn hay đình chỉ đúng.")] = None,
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """Sửa hoặc hủy một sự kiện đã ghi; điều ghi trước đó vẫn còn trong lịch sử."""
    asked = {
        "fact": fact,
        "withdraw": withdraw or None,
        "effective_date": _iso(effective_date),
        "decision_date": _iso(decision_date),
        "left_reason": left_reason,
        "cell_code": cell_code,
        "until": _iso(until),
        "grounds": grounds,
    }
    with refusals_shown():
        answer = member_history.correct(Client(url), code, asked)
        _give(answer, member_history.show_corrected, json=json)


@lists_app.command("probation-due")
def lists_probation_due(
    as_of: _ListedOn = None,
    unit: _ListedUnit = None,
    within_days: Annotated[
        int | None,
        typer.Option(min=0, max=366, help="Hết dự bị trong bao nhiêu ngày tới; bỏ trống là theo mức nhắc."),
    ] = None,
    actor: _Reader = "unknown",
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """Đảng viên dự bị đến kỳ hoặc sắp đến kỳ xét công nhận chính thức."""
    ahead = None if within_days is None else str(within_days)
    _list("probation-due", url, actor=actor, json=json, as_of=_iso(as_of), unit=unit, within_days=ahead)


@lists_app.command("probation-overdue")
def lists_probation_overdue(
    as_of: _ListedOn = None,
    unit: _ListedUnit = None,
    actor: _Reader = "unknown",
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """Đảng viên dự bị quá hạn xét công nhận chính thức."""
    _list("probation-overdue", url, actor=actor, json=json, as_of=_iso(as_of), unit=unit)


@lists_app.command("badges-due")
def lists_badges_due(
    award_day: Annotated[
        date | None,
        typer.Option(
            parser=_day, metavar="YYYY-MM-DD", help="Ngày trao (3/2, 19/5, 2/9, 7/11); mặc định đợt tới."
        ),
    ] = None,
    unit: _ListedUnit = None,
    actor: _Reader = "unknown",
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """Đảng viên đủ tuổi Đảng để xét tặng Huy hiệu Đảng vào một đợt trao."""
    _list("badges-due", url, actor=actor, json=json, award_day=_iso(award_day), unit=unit)


@lists_app.command("small-cells")
def lists_small_cells(
    as_of: _ListedOn = None,
    unit: _ListedUnit = None,
    rule: Annotated[
        lists.UnitRule | None, typer.Option(help="Chỉ một loại; bỏ trống là hai loại thiếu đảng viên.")
    ] = None,
    actor: _Reader = "unknown",
    url: _MembershipUrl = "http://127.0.0.1:8101",
    json: _Json = False,
) -> None:
    """Chi bộ thiếu đảng viên chính thức, chi bộ chưa có chi ủy phải bầu, đảng bộ cơ sở thiếu đảng viên."""
    _list("small-cells", url, actor=actor, json=json, as_of=_iso(as_of), unit=unit, rule=rule)


def _list(name: str, url: str, *, actor: str, json: bool, **parameters: str | None) -> None:
    with refusals_shown():
        answer = lists.read(Client(url), name, actor=actor, **parameters)
        _give(answer, partial(lists.show, name), json=json)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# After the commands above, which are used more often.
dimensions.register(members_app, lists_app)


@parked_app.command("list")
def parked_list(url: _ReportingUrl = "http://127.0.0.1:8104", json: _Json = False) -> None:
    """Liệt kê sự kiện đang chờ, cũ nhất trước."""
    with refusals_shown():
        answer = Client(url).get("/v1/parked")
        if json:
            statistics.print_json(answer)
            return
        table = Table("id", "consumer", "topic", "partition", "offset", "reason", "error")
        for row in answer["parked"]:
            table.add_row(
                *[str(row[name]) for name in
                  ("id", "consumer", "topic", "partition", "kafka_offset", "reason", "error")]
            )  # fmt: skip
        OUT.print(table)
        OUT.print(f"Tất cả: {answer['total']}")


@parked_app.command("retry")
def parked_retry(parked_id: int, url: _ReportingUrl = "http://127.0.0.1:8104") -> None:
    """Áp dụng lại một sự kiện và các sự kiện chờ sau nó."""
    with refusals_shown():
        OUT.print(f"Đã áp dụng {Client(url).post(f'/v1/parked/{parked_id}/retry')['applied']} sự kiện.")


@parked_app.command("discard")
def parked_discard(parked_id: int, url: _ReportingUrl = "http://127.0.0.1:8104") -> None:
    """Bỏ hẳn một sự kiện."""
    with refusals_shown():
        Client(url).delete(f"/v1/parked/{parked_id}")
        OUT.print("Đã bỏ.")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(run: Callable[[], None] = app) -> None:
    """Run the command; being told to end (SIGTERM) stops everything started, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _interrupt)
    run()
