"""`chibo reports`: reports of a month, quarter or year as Word, PDF or Excel files, and the template of them."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.markup import escape

from chibo.client import Client
from chibo.console import OUT, Refused, refusals_shown
from chibo.files import written
from chibo.options import REPORTING, KnownAt, ReportingUrl, Within

app = typer.Typer(help="Báo cáo tháng, quý, năm để ký và gửi: Word, PDF, Excel.", no_args_is_help=True)

_FORMS: Final = {".pdf": "pdf", ".docx": "docx", ".xlsx": "xlsx"}
_FILE: Final = "bao-cao.docx"
_ToFile = Annotated[Path, typer.Option("--to-file", help="Tệp ghi ra, .docx, .pdf hoặc .xlsx.")]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Ghi đè tệp đã có.")]


@app.command("month")
def month(
    *,
    period: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Tháng, ví dụ 2020-11; mặc định tháng đã qua gần nhất."),
    ] = None,
    unit: Within = None,
    to_file: _ToFile,
    known_at: KnownAt = None,
    overwrite: _Overwrite = False,
    url: ReportingUrl = REPORTING,
) -> None:
    """Ghi báo cáo tháng của một tổ chức đảng ra tệp."""
    _write("month", period, unit, to_file, known_at=known_at, overwrite=overwrite, url=url)


@app.command("quarter")
def quarter(
    *,
    period: Annotated[
        str | None, typer.Option(metavar="YYYY-QN", help="Quý, ví dụ 2020-Q4; mặc định quý đã qua gần nhất.")
    ] = None,
    unit: Within = None,
    to_file: _ToFile,
    known_at: KnownAt = None,
    overwrite: _Overwrite = False,
    url: ReportingUrl = REPORTING,
) -> None:
    """Ghi báo cáo quý của một tổ chức đảng ra tệp."""
    _write("quarter", period, unit, to_file, known_at=known_at, overwrite=overwrite, url=url)


@app.command("year")
def year(
    *,
    period: Annotated[
        str | None, typer.Option(metavar="YYYY", help="Năm, ví dụ 2020; mặc định năm đã qua gần nhất.")
    ] = None,
    unit: Within = None,
    to_file: _ToFile,
    known_at: KnownAt = None,
    overwrite: _Overwrite = False,
    url: ReportingUrl = REPORTING,
) -> None:
    """Ghi báo cáo năm của một tổ chức đảng ra tệp."""
    _write("year", period, unit, to_file, known_at=known_at, overwrite=overwrite, url=url)


@app.command("template")
def template(
    *,
    file: Annotated[Path, typer.Argument(help="Tệp .docx ghi ra.")],
    overwrite: _Overwrite = False,
    url: ReportingUrl = REPORTING,
) -> None:
    """Ghi mẫu Word đang dùng ra tệp, để sửa rồi đặt vào thư mục mẫu (CHIBO_TEMPLATES) của dịch vụ reporting."""
    with refusals_shown():
        if file.suffix.lower() != ".docx":
            raise Refused(f"{file.name}: mẫu là tệp .docx.")
        with written(file, overwrite=overwrite) as content:
            Client(url).download("/v1/paper-templates/report", content)
        OUT.print(
            f"Đã ghi mẫu vào {escape(str(file))}. Khi sửa xong, đặt vào thư mục mẫu với tên {_FILE}.",
            soft_wrap=True,
        )


def _write(
    span: str,
    period: str | None,
    unit: str | None,
    file: Path,
    *,
    known_at: str | None,
    overwrite: bool,
    url: str,
) -> None:
    with refusals_shown():
        form = _FORMS.get(file.suffix.lower())
        if form is None:
            raise Refused(f"{file.name}: chỉ ghi ra tệp .docx, .pdf hoặc .xlsx.")
        with written(file, overwrite=overwrite) as content:
            Client(url).download(
                f"/v1/reports/{span}", content, unit=unit, period=period, known_at=known_at, format=form
            )
        OUT.print(f"Đã ghi báo cáo vào {escape(str(file))}.", soft_wrap=True)
