"""Searching members and reading a unit's card on the command line, as an officer does."""

import json
import uuid

import pytest
from typer.testing import CliRunner

from chibo.main import app
from deploy.local.stack import ServiceProcess

UNITS = "code,parent_code,type,name,established_on,dissolved_on\n"
MEMBERS = (
    "code,cell_code,full_name,birth_date,gender,ethnicity,religion,youth_union,admitted_on,official_on,left_on,"
    "left_reason\n"
)
NAMES = ["Nguyễn Văn An", "Đặng Thị [b]Ẩn", "An Thị Hòa", "Lê Hoà"]


def chibo(*words: str):
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def url(services: dict[str, ServiceProcess]) -> str:
    return services["membership"].url


@pytest.fixture(scope="module")
def bloc(url: str, tmp_path_factory) -> str:
    """A bloc with a committee that has two cells, one of them dissolved, and a grassroots cell."""
    bloc = f"R{uuid.uuid4().hex[:8]}"
    folder = tmp_path_factory.mktemp("registers")
    (folder / "units.csv").write_text(
        UNITS + f"{bloc},,bloc,Đảng bộ Khối,1976-01-01,\n"
        f"{bloc}.1,{bloc},grassroots_committee,Đảng bộ Sở Y tế,1990-01-01,\n"
        f"{bloc}.1.1,{bloc}.1,subordinate_cell,Chi bộ Một,1990-01-01,\n"
        f"{bloc}.1.2,{bloc}.1,subordinate_cell,Chi bộ Cũ,1990-01-01,2010-01-01\n",
        encoding="utf-8",
    )
    rows = [
        f"{bloc}-{number},{bloc}.1.1,{name},1960-05-01,female,Thái,,no,2000-01-02,2001-01-02,,\n"
        for number, name in enumerate(NAMES)
    ]
    (folder / "members.csv").write_text(MEMBERS + "".join(rows), encoding="utf-8")
    for kind, file in (("organisations", "units.csv"), ("members", "members.csv")):
        done = chibo("import", kind, str(folder / file), "--url", url)
        assert done.exit_code == 0, done.output
    return bloc


def names(bloc: str, url: str, words: str, *options: str) -> list[str]:
    done = chibo("members", "search", words, "--unit", bloc, "--url", url, "--json", *options)
    assert done.exit_code == 0, done.output
    return [item["full_name"] for item in json.loads(done.stdout)["items"]]


def test_members_are_found_with_and_without_diacritics(bloc, url):
    assert names(bloc, url, "an") == ["Nguyễn Văn An", "An Thị Hòa"]
    assert names(bloc, url, "hoà") == names(bloc, url, "hoa") == ["Lê Hoà", "An Thị Hòa"]
    assert names(bloc, url, "Đặng", "--as-of", "1999-12-31") == []
    assert names(bloc, url, "nguyen van an", "--as-of", "2000-01-02") == ["Nguyễn Văn An"]


def test_what_is_found_is_shown_as_an_office_would_write_it(bloc, url):
    done = chibo("members", "search", "dang", "--unit", bloc, "--url", url)
    assert done.exit_code == 0, done.output
    for text in ("Họ và tên", "Đặng Thị [b]Ẩn", "01/05/1960", "Nữ", "Chính thức", "02/01/2001", "Tất cả: 1"):
        assert text in done.stdout
    assert "Thái" not in done.stdout
    more = chibo("members", "search", "h", "--unit", bloc, "--limit", "1", "--url", url)
    assert "Còn nữa" in more.stdout
    nobody = chibo("members", "search", "zzz", "--unit", bloc, "--url", url)
    assert (nobody.exit_code, "Không tìm thấy" in nobody.stdout) == (0, True)


def test_a_unit_is_shown_in_its_tree_with_what_rules_call_for(bloc, url):
    done = chibo("units", "show", f"{bloc}.1", "--as-of", "2009-12-31", "--url", url)
    assert done.exit_code == 0, done.output
    for text in ("Đảng bộ Khối", "Đảng bộ Sở Y tế — ngày 31/12/2009", "Chi bộ Một", "Chi bộ Cũ", "chưa đủ 30",
                 "Điều lệ Đảng", "Dự bị"):  # fmt: skip
        assert text in done.stdout.replace("\n", " ")
    card = json.loads(chibo("units", "show", f"{bloc}.1", "--url", url, "--json").stdout)
    assert [child["code"] for child in card["children"]] == [f"{bloc}.1.1"]
    assert card["members"] == {"total": 4, "official": 4, "probationary": 0}
    over = chibo("units", "show", f"{bloc}.1.2", "--url", url)
    assert "đã giải thể ngày 01/01/2010" in over.stdout
    early = chibo("units", "show", f"{bloc}.1.2", "--as-of", "1989-12-31", "--url", url)
    assert "thành lập ngày 01/01/1990" in early.stdout


def test_a_member_is_shown_with_place_party_age_and_all_that_was_recorded(bloc, url):
    done = chibo(
        "members", "show", f"{bloc}-1", "--as-of", "2020-11-30", "--actor", "van-phong", "--url", url
    )
    assert done.exit_code == 0, done.output
    for text in ("Đặng Thị [b]Ẩn", "dân tộc Thái", "Đảng bộ Sở Y tế › Chi bộ Một, từ ngày 02/01/2000",
                 "tuổi Đảng: 20 năm (tạm tính từ ngày kết nạp 02/01/2000)",
                 "30 năm (đủ ngày 02/01/2030, đợt 03/02/2030)",
                 "Kết nạp", "Công nhận chính thức", "02/01/2001"):  # fmt: skip
        assert text in done.stdout.replace("\n", " "), done.stdout
    before = chibo("members", "show", f"{bloc}-1", "--as-of", "1999-12-31", "--url", url)
    assert "Không có trong danh sách vào ngày này" in before.stdout
    card = json.loads(chibo("members", "show", f"{bloc}-1", "--url", url, "--json").stdout)
    assert [entry["what"] for entry in card["timeline"]] == ["admitted", "confirmed"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("members", "search", " - "), "Chưa có gì để tìm"),
        (("members", "search", "an", "--unit", "Q"), "Không có đơn vị này"),
        (("units", "show", "Q"), "Không có đơn vị này"),
        (("members", "show", "Q"), "Không có đảng viên này"),
    ],
)
def test_what_cannot_be_found_is_said(url, words, said):
    done = chibo(*words, "--url", url)
    assert done.exit_code == 1
    assert said in done.stderr
