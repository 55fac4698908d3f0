"""Candidates on the command line, from the list of a cell to a member on probation."""

import uuid

import pytest
from typer.testing import CliRunner

from chibo.main import app

UNITS = "code,parent_code,type,name,established_on,dissolved_on\n"
MEMBERS = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)


@pytest.fixture
def bloc(services, tmp_path) -> str:
    """A bloc with two cells and two members in the first."""
    bloc = f"Q{uuid.uuid4().hex[:8]}"
    (tmp_path / "units.csv").write_text(
        UNITS + f"{bloc},,bloc,Đảng bộ Khối,1976-01-01,\n"
        f"{bloc}.1,{bloc},grassroots_cell,Chi bộ Một,1990-01-01,\n"
        f"{bloc}.2,{bloc},grassroots_cell,Chi bộ Hai,1990-01-01,\n",
        encoding="utf-8",
    )
    rows = [
        f"{bloc}-{n},{bloc}.1,Lò Thị Ánh,1990-05-01,female,Thái,,no,2015-03-01,2016-03-01,,\n" for n in (1, 2)
    ]
    (tmp_path / "members.csv").write_text(MEMBERS + "".join(rows), encoding="utf-8")
    for kind, file in (("organisations", "units.csv"), ("members", "members.csv")):
        told(services, "import", kind, str(tmp_path / file))
    return bloc


def told(services, *words: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, [*words, "--url", services["membership"].url], env={"COLUMNS": "240"})
    assert done.exit_code == status, done.output
    return done.output


def test_an_officer_prepares_a_candidate_and_admits_them(services, bloc):
    code = f"{bloc}-QC"
    told(
        services, "candidates", "add", code, "--cell", f"{bloc}.2", "--on", "2022-01-05",
        "--full-name", "Quàng Thị [b]", "--birth-date", "1998-05-01", "--gender", "female", "--ethnicity", "Thái",
    )  # fmt: skip
    told(services, "candidates", "move", code, "--cell", f"{bloc}.1", "--on", "2022-02-01")
    told(services, "candidates", "certify", code, "--on", "2017-03-01")
    ending = told(services, "lists", "certificates-ending", "--unit", bloc, "--as-of", "2022-03-01")
    assert "Quàng Thị [b]" in ending
    assert "01/03/2022 (đã hết)" in ending
    told(services, "candidates", "certify", code, "--on", "2022-03-10")
    told(
        services,
        "candidates",
        "introduce",
        code,
        f"{bloc}-1",
        f"{bloc}-2",
        "--on",
        "2022-04-01",
        "--since",
        "2020-09-01",
    )
    assert f"Người giới thiệu: {bloc}-2" in told(services, "candidates", "show", code)
    told(services, "candidates", "strike", code, "--on", "2022-06-01", "--reason", "mistake")
    refused = told(services, "candidates", "strike", code, "--on", "2022-06-02", status=1)
    assert "đã ra khỏi danh sách từ ngày 01/06/2022" in " ".join(refused.split())
    told(services, "candidates", "correct", code, "6", "--withdraw")
    admitted = told(
        services, "candidates", "admit", code, f"{bloc}-3", "--on", "2023-02-03", "--voted-on", "2023-01-05",
        "--decision-date", "2022-12-01",
    )  # fmt: skip
    assert f"đã kết nạp; là đảng viên {bloc}-3" in admitted
    assert "Lễ kết nạp sau thời hạn" in " ".join(admitted.split())
    history = told(services, "candidates", "history", code)
    assert [
        text for text in ("Phân công giới thiệu", "đã thay bằng số 4", "hủy số 6") if text not in history
    ] == []
    assert "Tất cả: 0" in told(services, "candidates", "list", "--unit", bloc, "--as-of", "2023-02-03")
    listed = told(services, "candidates", "list", "--unit", bloc, "--as-of", "2023-02-03", "--former")
    assert "đã kết nạp" in listed
    numbered = told(
        services,
        "members",
        "numbers",
        f"{bloc}-3",
        "--on",
        "2023-05-19",
        "--card",
        f"{int(bloc[1:], 16):012}",
    )
    assert f"{bloc}-3 nay có số thẻ" in numbered
    assert f"Số thẻ đảng viên: {int(bloc[1:], 16):012}" in told(services, "members", "show", f"{bloc}-3")
    assert f"{bloc}-3" in told(services, "lists", "probation-due", "--unit", bloc, "--as-of", "2024-02-03")
