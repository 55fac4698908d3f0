"""Ratings and awards on the command line, as an officer records and reads them."""

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
NAMES = ["Nguyễn Văn An", "Đặng Thị [b]Ẩn", "An Thị Hòa", "Lê Hoà", "Vũ Ơn", "Hà Ưng"]
DECISION = ("--document", "112-QĐ/ĐU", "--document-date", "2020-12-22")


def chibo(*words: str):
    return CliRunner().invoke(app, words, env={"COLUMNS": "220"})


def read(*words: str):
    done = chibo(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def url(services: dict[str, ServiceProcess]) -> str:
    return services["membership"].url


@pytest.fixture
def bloc(url: str, tmp_path) -> str:
    """A bloc with one grassroots cell of six members."""
    bloc = f"X{uuid.uuid4().hex[:8]}"
    (tmp_path / "units.csv").write_text(
        UNITS + f"{bloc},,bloc,Đảng bộ Khối,1976-01-01,\n"
        f"{bloc}.1,{bloc},grassroots_cell,Chi bộ Văn phòng,1990-01-01,\n",
        encoding="utf-8",
    )
    rows = [
        f"{bloc}-{number},{bloc}.1,{name},1960-05-01,female,Thái,,no,2000-01-02,2001-01-02,,\n"
        for number, name in enumerate(NAMES)
    ]
    (tmp_path / "members.csv").write_text(MEMBERS + "".join(rows), encoding="utf-8")
    for kind, file in (("organisations", "units.csv"), ("members", "members.csv")):
        done = chibo("import", kind, str(tmp_path / file), "--url", url)
        assert done.exit_code == 0, done.output
    return bloc


def test_a_form_is_written_filled_recorded_and_corrected(bloc, url, tmp_path):
    cell, form = f"{bloc}.1", tmp_path / "form.csv"
    done = chibo("ratings", "form", cell, str(form), "--year", "2020", "--url", url)
    assert done.exit_code == 0, done.output
    lines = form.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("Mã,Tên,Xếp loại")
    assert len(lines) == 7
    grades = ["Tốt", "xuất sắc", "hoàn thành tốt nhiệm vụ", "good", "tốt"]
    filled = [line.rstrip(",") + f",{grade}" for line, grade in zip(lines[1:], grades, strict=False)]
    exempt = lines[6].rstrip(",") + ",,Miễn công tác và sinh hoạt đảng"
    form.write_text("\n".join([lines[0], *filled, exempt, ""]), encoding="utf-8-sig")
    refused = chibo("ratings", "record", cell, str(form), "--year", "2020", *DECISION, "--url", url)
    assert refused.exit_code == 1
    assert "21-HD/BTCTW" in refused.output
    form.write_text(form.read_text(encoding="utf-8-sig").replace("xuất sắc", "Tốt"), encoding="utf-8-sig")
    done = chibo("ratings", "record", cell, str(form), "--year", "2020", *DECISION, "--url", url)
    assert done.exit_code == 0, done.output
    assert "Đã ghi 6 xếp loại năm 2020" in done.output
    done = chibo("ratings", "correct", cell, f"{bloc}-0", "--year", "2020", "--corrects", "1", "--grade",
                 "excellent", "--url", url)  # fmt: skip
    assert done.exit_code == 1, done.output
    done = chibo("ratings", "correct", cell, f"{bloc}-0", "--year", "2020", "--corrects", "1", "--grade",
                 "completed", "--url", url)  # fmt: skip
    assert done.exit_code == 0, done.output
    done = chibo("ratings", "show", cell, "--year", "2020", "--url", url)
    for part in ("Nguyễn Văn An", "Đặng Thị [b]Ẩn", "Hoàn thành tốt nhiệm vụ: 4", "Hoàn thành nhiệm vụ: 1",
                 "Chưa xếp loại: miễn công tác", "21-HD/BTCTW (18/10/2019)"):  # fmt: skip
        assert part in done.output
    done = chibo("ratings", "history", f"{bloc}-0", "--url", url)
    for part in ("đã sửa ở số 2", "112-QĐ/ĐU (22/12/2020)", "đúng"):
        assert part in done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mã,Xếp loại\nX,rất tốt\n", "dòng 2: không hiểu “rất tốt”"),
        ("Họ tên\nX\n", "thiếu cột"),
        ("", "thiếu cột"),
    ],
)
def test_a_form_that_cannot_be_read_says_where(url, tmp_path, text, said):
    form = tmp_path / "form.csv"
    form.write_text(text, encoding="utf-8")
    done = chibo("ratings", "record", "X", str(form), "--year", "2020", "--url", url)
    assert done.exit_code == 1
    assert said in " ".join(done.output.split())


def test_five_excellent_years_and_the_flag(bloc, url, tmp_path):
    cell, form = f"{bloc}.1", tmp_path / "form.csv"
    form.write_text(f"code,grade\n{cell},excellent\n", encoding="utf-8")
    for year in range(2014, 2019):
        done = chibo("ratings", "record", bloc, str(form), "--year", str(year), "--url", url)
        assert done.exit_code == 0, done.output
    assert "Chưa có dữ liệu về quy định xếp loại năm 2018" in " ".join(done.output.split())
    (item,) = read("lists", "flag-eligible", "--year", "2018", "--unit", bloc, "--url", url)["items"]
    assert (item["code"], item["flag_on"]) == (cell, None)
    words = (
        "awards",
        "grant",
        cell,
        "--kind",
        "five_year_flag",
        "--level",
        "province",
        "--title",
        "Cờ 5 năm",
    )
    done = chibo(*words, "--on", "2020-02-03", "--url", url)
    assert done.exit_code == 0, done.output
    assert "còn thiếu các năm 2019" in " ".join(done.output.split())
    assert read("ratings", "history", cell, "--unit", "--url", url)["entries"][0]["year"] == 2014
    done = chibo("lists", "flag-eligible", "--year", "2018", "--unit", bloc, "--url", url)
    for part in ("2014–2018", "03/02/2020", "Tất cả: 1"):
        assert part in done.output
    (award,) = read("awards", "show", cell, "--url", url)["awards"]
    done = chibo("awards", "withdraw", award["id"], "--url", url)
    assert "Đã hủy: Cờ 5 năm" in done.output
    assert "đã hủy" in chibo("awards", "show", cell, "--url", url).output
