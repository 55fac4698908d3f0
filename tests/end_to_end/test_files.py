"""Templates and exports from the command line: the files are there whole, readable by their owner, or not at all."""

import csv
import os
import subprocess
from pathlib import Path

from openpyxl import load_workbook

from chibo import importing
from chibo.client import Client
from deploy.local.stack import ServiceProcess
from tests.example_bloc import CHIBO, ROOT

UNITS = """Mã tổ chức đảng,Mã cấp trên,Loại tổ chức,Tên tổ chức đảng,Ngày thành lập,Ngày giải thể
TEP,,Đảng bộ Khối,Đảng bộ Khối,20/02/1976,
TEP.1,TEP,chi bo co so,Chi bộ Văn thư,1/1/1990,
"""


def run(services: dict[str, ServiceProcess], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "CHIBO_MEMBERSHIP_URL": services["membership"].url,
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    return subprocess.run(
        [*CHIBO, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_unit_is_exported_and_imports_back(
    services: dict[str, ServiceProcess], membership: Client, tmp_path: Path
) -> None:
    given = tmp_path / "to-chuc.csv"
    given.write_text(UNITS, encoding="utf-8")
    first = run(services, "import", "organisations", given)
    assert first.returncode == 0, first.stderr
    assert "2 nhập" in first.stdout
    # The template's own headers need no word; dates written as people write them are told.
    assert "được hiểu là parent_code" not in first.stderr
    assert "2 ngày được hiểu là ngày/tháng/năm" in " ".join(first.stderr.split())
    for name in ("ra.csv", "ra.xlsx"):
        file = tmp_path / name
        answer = run(services, "export", "organisations", file, "--unit", "TEP")
        assert answer.returncode == 0, answer.stderr
        assert file.stat().st_mode & 0o077 == 0
        assert importing.import_file(membership, "organisations", file)["unchanged"] == 2
    with (tmp_path / "ra.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file)] == ["TEP", "TEP.1"]
    before = tmp_path / "truoc.csv"
    answer = run(services, "export", "organisations", before, "--unit", "TEP", "--as-of", "1900-01-01")
    assert answer.returncode == 0, answer.stderr
    assert len(before.read_text(encoding="utf-8-sig").splitlines()) == 1


def test_a_file_that_is_there_stays_unless_told_otherwise(
    services: dict[str, ServiceProcess], tmp_path: Path
) -> None:
    file = tmp_path / "mau.xlsx"
    assert run(services, "template", "members", file).returncode == 0
    assert load_workbook(file).sheetnames == ["Đảng viên", "Hướng dẫn"]
    file.write_bytes(b"mine")
    refused = run(services, "template", "members", file)
    assert (refused.returncode, file.read_bytes()) == (1, b"mine")
    assert "--overwrite" in refused.stderr
    assert run(services, "template", "members", file, "--overwrite").returncode == 0
    assert load_workbook(file).sheetnames == ["Đảng viên", "Hướng dẫn"]


def test_what_cannot_be_exported_leaves_no_file(services: dict[str, ServiceProcess], tmp_path: Path) -> None:
    for name, arguments, said in (
        ("a.csv", ["--unit", "KHONG.CO"], "không có đơn vị"),
        ("a.pdf", [], ".csv hoặc .xlsx"),
        ("khong-co/a.csv", [], "Không ghi được"),
    ):
        answer = run(services, "export", "organisations", tmp_path / name, *arguments)
        assert (answer.returncode, list(tmp_path.iterdir())) == (1, [])
        assert said in " ".join(answer.stderr.split())


def test_a_dry_run_shows_what_would_change_and_faults_are_marked_in_a_workbook(
    services: dict[str, ServiceProcess], tmp_path: Path
) -> None:
    given, marked = tmp_path / "to-chuc.csv", tmp_path / "loi.xlsx"
    units = UNITS.replace("TEP", "THU")
    given.write_text(units, encoding="utf-8")
    checked = run(services, "import", "organisations", given, "--dry-run", "--errors-to", marked)
    assert checked.returncode == 0, checked.stderr
    assert "2 thành lập" in checked.stdout
    assert "THU.1" in checked.stderr
    assert not marked.exists()  # nothing is wrong
    given.write_text(units + "THU.2,THU,chi bo co so,[Hai],30/2/2020,\n", encoding="utf-8")
    refused = run(services, "import", "organisations", given, "--errors-to", marked)
    assert refused.returncode == 1
    assert marked.name in " ".join(refused.stderr.split())
    book = load_workbook(marked)
    assert "không có trong lịch" in book.worksheets[0]["E4"].comment.text
    assert marked.stat().st_mode & 0o077 == 0
    book.worksheets[0]["E4"] = "28/02/2020"
    book.save(marked)
    mended = run(services, "import", "organisations", marked)
    assert mended.returncode == 0, mended.stderr
    assert "3 nhập" in mended.stdout
