"""Movement of a period on the command line, as an officer reads it, from an imported file."""

import json
import uuid

import pytest
from typer.testing import CliRunner

from chibo.client import Client
from chibo.main import app
from chibo.stack import wait_until_seen
from deploy.local.stack import ServiceProcess

MEMBERS = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)


def chibo(*words: str):
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def bloc(services: dict[str, ServiceProcess], membership: Client, reporting: Client, tmp_path_factory) -> str:
    """Two cells; one with three members, of whom one is removed on probation and one dies in 2019."""
    bloc, url = f"V{uuid.uuid4().hex[:8]}", services["membership"].url
    folder = tmp_path_factory.mktemp("movement")
    (folder / "units.csv").write_text(
        "code,parent_code,type,name,established_on,dissolved_on\n"
        f"{bloc},,bloc,Đảng bộ [b]Khối,1976-01-01,\n"
        f"{bloc}.1,{bloc},grassroots_cell,Chi bộ [i]Một,1990-01-01,\n"
        f"{bloc}.2,{bloc},grassroots_cell,Chi bộ Hai,1990-01-01,\n",
        encoding="utf-8",
    )
    rows = [
        (".1", "2000-01-02,2001-01-02,,"),
        (".1", "2000-01-02,2001-01-02,2019-06-01,died"),
        (".1", "2018-05-19,,2019-03-01,removed"),
        (".2", "2019-05-19,,,"),
    ]
    (folder / "members.csv").write_text(
        MEMBERS
        + "".join(
            f"{bloc}-{number},{bloc}{cell},Lò Thị Ánh,1975-05-01,female,Thái,,no,{days}\n"
            for number, (cell, days) in enumerate(rows)
        ),
        encoding="utf-8",
    )
    for kind, file in (("organisations", "units.csv"), ("members", "members.csv")):
        done = chibo("import", kind, str(folder / file), "--url", url)
        assert done.exit_code == 0, done.output
    wait_until_seen(membership, reporting)
    return bloc


def lines(shown: str) -> dict[str, str]:
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines() if "│" in line]
    return {cell[0]: cell[1] for cell in cells if len(cell) == 2}


def test_a_period_is_shown_as_in_party_reports(bloc, services):
    url = services["reporting"].url
    shown = chibo("movement", "--unit", bloc, "--from", "2019-01-01", "--to", "2019-12-31", "--url", url)
    assert shown.exit_code == 0, shown.output
    assert "Đảng bộ [b]Khối — biến động đảng viên từ 01/01/2019 đến 31/12/2019" in shown.stdout
    assert lines(shown.stdout) == {
        "A. Đảng viên đầu kỳ": "3",
        "B. Đảng viên tăng trong kỳ": "1",
        "Kết nạp": "1",
        "Chuyển đến từ ngoài Đảng bộ": "0",
        "Phục hồi đảng tịch": "0",
        "C. Đảng viên giảm trong kỳ": "2",
        "Từ trần": "1",
        "Khai trừ": "0",
        "Xóa tên": "1",
        "Trong đó: đảng viên dự bị": "1",
        "Xin ra khỏi Đảng": "0",
        "Chuyển đi ngoài Đảng bộ": "0",
        "D. Đảng viên cuối kỳ (A + B - C)": "2",
    }


def test_each_unit_has_a_row(bloc, services):
    url = services["reporting"].url
    asked = (
        "movement",
        "--unit",
        bloc,
        "--from",
        "2019-01-01",
        "--to",
        "2019-12-31",
        "--by-unit",
        "--url",
        url,
    )
    answer = json.loads(chibo(*asked, "--json").stdout)
    assert [(row["unit"]["code"], row["opening"], row["closing"]) for row in answer["units"]] == [
        (f"{bloc}.1", 3, 1), (f"{bloc}.2", 0, 1),
    ]  # fmt: skip
    shown = chibo(*asked).stdout
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines() if "│" in line]
    # Opening; in, by three reasons and others; out, by five and others; closing.
    assert rows == [
        [f"{bloc}.1", "Chi bộ [i]Một", *"3 00000 2101000 1".replace(" ", "")],
        [f"{bloc}.2", "Chi bộ Hai", *"0 11000 0000000 1".replace(" ", "")],
        ["", "Toàn đơn vị", *"3 11000 2101000 2".replace(" ", "")],
    ]


def test_a_wrong_period_is_refused_in_words(bloc, services):
    url = services["reporting"].url
    refused = chibo("movement", "--unit", bloc, "--from", "2020-01-01", "--to", "2019-12-31", "--url", url)
    assert refused.exit_code == 1
    assert "01/01/2020 sau 31/12/2019" in refused.output
