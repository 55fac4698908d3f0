"""The `chibo` command."""

import time
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from chibo import demo as demonstration
from chibo import importing, interruption, stack
from chibo.client import Client
from chibo.console import ERR, OUT, print_json, refusals_shown, step
from chibo.importing import OnError
from chibo.inspection import corrections, evaluations, findings, teams, visits
from chibo.inspection import files as visit_files
from chibo.inspection import plans as visit_plans
from chibo.meetings import figures as meetings
from chibo.meetings.app import app as meetings_app
from chibo.membership import (
    awards,
    candidates,
    dimensions,
    exporting,
    lists,
    members,
    positions,
    ratings,
    transfers,
    units,
)
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
from chibo.reporting import figures, movement, rebuilding, reports, snapshots, statistics

_RUN: Final = "Chạy hệ thống"
_FILES: Final = "Tệp vào, tệp ra"
_REGISTER: Final = "Tổ chức đảng và đảng viên"
_LIFE: Final = "Sinh hoạt chi bộ"
_TEAMS: Final = "Tổ công tác, kiểm tra"
_FIGURES: Final = "Số liệu và báo cáo"
_OPERATIONS: Final = "Vận hành"

app = typer.Typer(
    help="Chi Bộ: tổ chức đảng, đảng viên, sinh hoạt chi bộ và thống kê.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
parked_app = typer.Typer(help="Sự kiện chưa áp dụng được, đang chờ quyết định.", no_args_is_help=True)
app.add_typer(units.app, name="units", rich_help_panel=_REGISTER)
app.add_typer(members.app, name="members", rich_help_panel=_REGISTER)
app.add_typer(candidates.app, name="candidates", rich_help_panel=_REGISTER)
app.add_typer(transfers.transfers_app, name="transfers", rich_help_panel=_REGISTER)
app.add_typer(positions.positions_app, name="positions", rich_help_panel=_REGISTER)
app.add_typer(positions.terms_app, name="terms", rich_help_panel=_REGISTER)
app.add_typer(ratings.app, name="ratings", rich_help_panel=_REGISTER)
app.add_typer(awards.app, name="awards", rich_help_panel=_REGISTER)
app.add_typer(meetings_app, name="meetings", rich_help_panel=_LIFE)
app.add_typer(teams.app, name="teams", rich_help_panel=_TEAMS)
app.add_typer(reports.app, name="reports", rich_help_panel=_FIGURES)
visits.app.add_typer(visit_files.app)
visits.app.add_typer(corrections.visits)
findings.app.add_typer(corrections.findings)
app.add_typer(visits.app, name="visits", rich_help_panel=_TEAMS)
app.add_typer(findings.app, name="findings", rich_help_panel=_TEAMS)
app.add_typer(evaluations.app, name="evaluations", rich_help_panel=_TEAMS)
app.add_typer(visit_plans.app, name="plans", rich_help_panel=_TEAMS)
lists.app.command("transfers-overdue")(transfers.overdue_list)
lists.app.command("certificates-ending")(candidates.certificates_ending)
lists.app.command("vacancies")(positions.vacancies)
lists.app.command("congresses-due")(positions.congresses_due)
dimensions.register_lists(lists.app)
lists.app.command("flag-eligible")(ratings.flag_eligible)
app.add_typer(lists.app, name="lists", rich_help_panel=_REGISTER)
app.add_typer(parked_app, name="parked", rich_help_panel=_OPERATIONS)
app.add_typer(snapshots.app, name="snapshots", rich_help_panel=_FIGURES)

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


@app.command(rich_help_panel=_RUN)
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
            print_json(statistics.published_form(outcome.statistics))
            return
        statistics.show(outcome.statistics)
        if outcome.meetings is not None:
            meetings.show(outcome.meetings)
        if outcome.inspection is not None:
            evaluations.show(**outcome.inspection)


@app.command(rich_help_panel=_RUN)
def up(
    folder: Annotated[Path, typer.Option(help="Thư mục giữ dữ liệu.", file_okay=False)] = _KEPT,
    port_offset: Annotated[
        int,
        typer.Option(min=0, max=50_000, help="Cộng vào các cổng 8101, 8104 khi chúng đã có nơi khác dùng."),
    ] = 0,
) -> None:
    """Chạy tất cả dịch vụ trên máy chủ nhúng; dữ liệu được giữ lại cho lần sau. Ctrl-C để dừng."""
    with refusals_shown(), stack.services_running(folder, port_offset=port_offset) as running:
        for name, url in running.urls.items():
            OUT.print(f"{name:12} {url}")
        ERR.print(f"Xem số liệu bằng trình duyệt ở {running.urls['reporting']}/")
        ERR.print(f"Dữ liệu ở {folder}. Nhấn Ctrl-C để dừng.")
        while True:
            interruption.check()
            running.revive()
            time.sleep(1)


@app.command("import", rich_help_panel=_FILES)
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


@app.command(rich_help_panel=_FILES)
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


@app.command(rich_help_panel=_FILES)
def template(
    kind: _Kind, file: _NewFile, overwrite: _Overwrite = False, url: MembershipUrl = MEMBERSHIP
) -> None:
    """Ghi tệp XLSX mẫu để điền: tiêu đề tiếng Việt, danh sách chọn và trang hướng dẫn."""
    with refusals_shown(), step(f"Đã ghi mẫu {file.name}"):
        exporting.template(Client(url), kind, file, overwrite=overwrite)


@app.command("statistics", rich_help_panel=_FIGURES)
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


app.command("figures", rich_help_panel=_FIGURES)(figures.figures)
app.command("measures", rich_help_panel=_FIGURES)(figures.measures)


@app.command("movement", rich_help_panel=_FIGURES)
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
            print_json(answer)
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


app.command("rebuild", rich_help_panel=_OPERATIONS)(rebuilding.rebuild)
app.command("reconcile", rich_help_panel=_OPERATIONS)(rebuilding.reconcile)
