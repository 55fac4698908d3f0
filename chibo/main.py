"""The `chibo` command."""

import time
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from chibo import (
    awards,
    candidates,
    dimensions,
    evaluations,
    exporting,
    figures,
    findings,
    importing,
    interruption,
    lists,
    meeting_after,
    meeting_form,
    meeting_life,
    meeting_months,
    meeting_notices,
    meeting_papers,
    meeting_records,
    meeting_views,
    meetings,
    members,
    movement,
    positions,
    ratings,
    rebuilding,
    reports,
    snapshots,
    stack,
    statistics,
    teams,
    transfers,
    units,
    visit_files,
    visit_plans,
    visits,
)
from chibo import demo as demonstration
from chibo.client import Client
from chibo.console import ERR, OUT, refusals_shown, step
from chibo.importing import OnError
from chibo.options import (
    MEMBERSHIP,
    REPORTING,
    AsOf,
    Json,
    KnownAt,
    MembershipUrl,
    ReportingUrl,
    Within,
    give,
    iso,
    parse_actor,
    parse_day,
)

app = typer.Typer(
    help="Chi Bộ: tổ chức đảng, đảng viên, sinh hoạt chi bộ và thống kê.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
parked_app = typer.Typer(help="Sự kiện chưa áp dụng được, đang chờ quyết định.", no_args_is_help=True)
app.add_typer(units.app, name="units")
app.add_typer(members.app, name="members")
app.add_typer(candidates.app, name="candidates")
app.add_typer(transfers.transfers_app, name="transfers")
app.add_typer(positions.positions_app, name="positions")
app.add_typer(positions.terms_app, name="terms")
app.add_typer(ratings.app, name="ratings")
app.add_typer(awards.app, name="awards")
meetings.app.add_typer(meeting_views.app)
meetings.app.add_typer(meeting_life.app)
meetings.app.add_typer(meeting_form.app)
meetings.app.add_typer(meeting_after.app)
meetings.app.add_typer(meeting_records.app)
meetings.app.add_typer(meeting_notices.app)
meetings.app.add_typer(meeting_papers.app)
app.add_typer(meetings.app, name="meetings")
app.add_typer(teams.app, name="teams")
app.add_typer(reports.app, name="reports")
visits.app.add_typer(visit_files.app)
app.add_typer(visits.app, name="visits")
app.add_typer(findings.app, name="findings")
app.add_typer(evaluations.app, name="evaluations")
app.add_typer(visit_plans.app, name="plans")
meetings.app.command("months")(meeting_months.months)
meetings.app.command("plan")(meeting_months.plan)
meetings.app.command("calendar")(meeting_months.calendar)
meetings.app.command("watch")(meeting_months.watch)
meetings.app.command("interrupt")(meeting_months.interrupt)
meetings.app.command("interruptions")(meeting_months.interruptions)
meetings.app.command("interruption")(meeting_months.change)
lists.app.command("transfers-overdue")(transfers.overdue_list)
lists.app.command("certificates-ending")(candidates.certificates_ending)
lists.app.command("vacancies")(positions.vacancies)
lists.app.command("congresses-due")(positions.congresses_due)
dimensions.register_lists(lists.app)
lists.app.command("flag-eligible")(ratings.flag_eligible)
app.add_typer(lists.app, name="lists")
app.add_typer(parked_app, name="parked")
app.add_typer(snapshots.app, name="snapshots")
app.command("rebuild")(rebuilding.rebuild)
app.command("reconcile")(rebuilding.reconcile)

_KEPT: Final = Path(__file__).parents[1] / ".chibo" / "up"


class Kind(StrEnum):
    """What a file holds."""

    ORGANISATIONS = "organisations"
    MEMBERS = "members"
    TRANSFERS = "transfers"


_By = Annotated[
    str | None,
    typer.Option(
        help="Phân tổ, cách nhau dấu phẩy: gender,ethnic_minority,religion,youth,standing,age_band."
    ),
]
_Kind = Annotated[Kind, typer.Argument(help="Tổ chức đảng, đảng viên hay chuyển sinh hoạt đảng.")]
_NewFile = Annotated[Path, typer.Argument(help="Tệp sẽ ghi: CSV hoặc XLSX, theo đuôi tên tệp.")]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")]


@app.command()
def demo(
    organisations: Annotated[Path | None, typer.Option(help="Tệp tổ chức đảng (CSV, XLSX).")] = None,
    members: Annotated[Path | None, typer.Option(help="Tệp đảng viên (CSV, XLSX).")] = None,
    past_meetings: Annotated[
        Path | None, typer.Option("--meetings", help="Tệp các cuộc họp đã qua (CSV, XLSX).")
    ] = None,
    as_of: AsOf = None,
    by: _By = None,
    json: Json = False,
) -> None:
    """Chạy thử trọn đường đi của sự kiện trên máy chủ tạm, in số liệu rồi dọn sạch."""
    if (organisations is None) != (members is None):
        raise typer.BadParameter("Cần cả hai tệp --organisations và --members, hoặc không tệp nào.")
    inspected = None
    with refusals_shown():
        if organisations is None or members is None:
            organisations, members = demonstration.EXAMPLE_ORGANISATIONS, demonstration.EXAMPLE_MEMBERS
            as_of = as_of or demonstration.EXAMPLE_DAY
            if not json and past_meetings is None:
                past_meetings = demonstration.EXAMPLE_MEETINGS
                inspected = demonstration.EXAMPLE_INSPECTION
        outcome = demonstration.run(
            organisations, members, as_of, by=by, past_meetings=past_meetings, inspected=inspected
        )
        if json:
            statistics.print_json(statistics.published_form(outcome.statistics))
            return
        statistics.show(outcome.statistics)
        if outcome.meetings is not None:
            meetings.show(outcome.meetings)
        if outcome.inspection is not None:
            evaluations.show(**outcome.inspection)


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
        ERR.print(f"Xem số liệu bằng trình duyệt ở {urls['reporting']}/")
        ERR.print(f"Dữ liệu ở {folder}. Nhấn Ctrl-C để dừng.")
        while True:
            interruption.check()
            time.sleep(1)


@app.command("import")
def import_(
    kind: _Kind,
    file: Annotated[Path, typer.Argument(help="Tệp CSV hoặc XLSX.")],
    on_error: Annotated[
        OnError, typer.Option(help="abort: có lỗi thì không nhập gì; skip: nhập các dòng đúng.")
    ] = OnError.ABORT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ kiểm tra và cho xem điều sẽ thay đổi, không nhập.")
    ] = False,
    errors_to: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="Ghi tệp kèm đánh dấu các ô có lỗi, nếu có lỗi.")
    ] = None,
    url: MembershipUrl = MEMBERSHIP,
    json: Json = False,
) -> None:
    """Nhập tệp tổ chức đảng, đảng viên hoặc chuyển sinh hoạt đảng."""
    with refusals_shown():
        with step(f"Đã {'kiểm tra' if dry_run else 'xử lý'} {file.name}"):
            answer = importing.import_file(
                Client(url), kind, file, on_error=on_error, dry_run=dry_run, errors_to=errors_to
            )
        give(answer, lambda answer: OUT.print(importing.summary(answer)), json=json)


@app.command()
def export(
    kind: _Kind,
    file: _NewFile,
    unit: Within = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="Chỉ những gì có vào ngày đó; bỏ trống là điều ghi sau cùng.",
        ),
    ] = None,
    overwrite: _Overwrite = False,
    actor: Annotated[
        str,
        typer.Option(
            envvar="CHIBO_ACTOR",
            parser=parse_actor,
            metavar="NAME",
            help="Người đọc, được ghi lại khi xuất đảng viên.",
        ),
    ] = "unknown",
    url: MembershipUrl = MEMBERSHIP,
) -> None:
    """Xuất tổ chức đảng, đảng viên hoặc chuyển sinh hoạt đảng ra tệp CSV, XLSX; tệp này nhập lại được."""
    with refusals_shown(), step(f"Đã xuất {file.name}"):
        exporting.export(
            Client(url), kind, file, unit=unit, as_of=iso(as_of), actor=actor, overwrite=overwrite
        )


@app.command()
def template(
    kind: _Kind, file: _NewFile, overwrite: _Overwrite = False, url: MembershipUrl = MEMBERSHIP
) -> None:
    """Ghi tệp XLSX mẫu để điền: tiêu đề tiếng Việt, danh sách chọn và trang hướng dẫn."""
    with refusals_shown(), step(f"Đã ghi mẫu {file.name}"):
        exporting.template(Client(url), kind, file, overwrite=overwrite)


@app.command("statistics")
def statistics_(
    unit: Within = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    by: _By = None,
    url: ReportingUrl = REPORTING,
    json: Json = False,
) -> None:
    """In số liệu của một tổ chức đảng vào một ngày."""
    with refusals_shown():
        answer = Client(url).get(
            "/v1/statistics",
            unit=unit,
            as_of=iso(as_of),
            known_at=known_at,
            by=by,
        )
        give(answer, statistics.show, json=json)


app.command("figures")(figures.figures)
app.command("measures")(figures.measures)


@app.command("movement")
def movement_(
    unit: Within = None,
    from_: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="Ngày đầu kỳ; mặc định 1/1 của năm cuối kỳ.",
        ),
    ] = None,
    to: Annotated[
        date | None,
        typer.Option(
            parser=parse_day, metavar="YYYY-MM-DD", help="Ngày cuối kỳ, tính cả ngày đó; mặc định hôm nay."
        ),
    ] = None,
    known_at: KnownAt = None,
    by_unit: Annotated[
        bool, typer.Option("--by-unit", help="Mỗi tổ chức đảng trực tiếp bên dưới một dòng.")
    ] = False,
    url: ReportingUrl = REPORTING,
    json: Json = False,
) -> None:
    """In biến động đảng viên trong kỳ: đầu kỳ, tăng, giảm theo lý do, cuối kỳ."""
    with refusals_shown():
        answer = movement.read(
            Client(url), unit=unit, first=iso(from_), last=iso(to), known_at=known_at, by_unit=by_unit
        )
        give(answer, movement.show, json=json)


_ParkedId = Annotated[int, typer.Argument(help="Số của sự kiện, như `chibo parked list` in ra.")]


@parked_app.command("list")
def parked_list(url: ReportingUrl = REPORTING, json: Json = False) -> None:
    """Liệt kê sự kiện đang chờ, cũ nhất trước."""
    with refusals_shown():
        answer = Client(url).get("/v1/parked")
        if json:
            statistics.print_json(answer)
            return
        table = Table("Số", "Bên nhận", "Topic", "Partition", "Offset", "Lý do", "Lỗi")
        for row in answer["parked"]:
            table.add_row(
                *[str(row[name]) for name in
                  ("id", "consumer", "topic", "partition", "kafka_offset", "reason", "error")]
            )  # fmt: skip
        OUT.print(table)
        OUT.print(f"Tất cả: {answer['total']}")


@parked_app.command("retry")
def parked_retry(parked_id: _ParkedId, url: ReportingUrl = REPORTING) -> None:
    """Áp dụng lại một sự kiện và các sự kiện chờ sau nó."""
    with refusals_shown():
        OUT.print(f"Đã áp dụng {Client(url).post(f'/v1/parked/{parked_id}/retry')['applied']} sự kiện.")


@parked_app.command("discard")
def parked_discard(parked_id: _ParkedId, url: ReportingUrl = REPORTING) -> None:
    """Bỏ hẳn một sự kiện."""
    with refusals_shown():
        Client(url).delete(f"/v1/parked/{parked_id}")
        OUT.print("Đã bỏ.")
