"""The organisation tree of the example bloc: which units there are, since when and until when.

Invented: the province, the choice of units, their cells and all dates. The kinds of unit and their usual
Vietnamese names are those of any provincial-agencies bloc of 2020. Stated (see ``facts.json``): how many
there are of each kind.
"""

import random
from dataclasses import dataclass
from datetime import date
from typing import Final

ROOT_CODE: Final = "K"
ROOT_NAME: Final = "Đảng bộ Khối Các cơ quan tỉnh"
ROOT_ESTABLISHED: Final = date(1976, 2, 20)

LATEST_OLD_CELL: Final = 2010
"""Cells of a committee without a date of their own were established by this year (invented)."""


@dataclass(frozen=True)
class Unit:
    """One row of ``organisations.csv``."""

    code: str
    parent_code: str
    type: str
    name: str
    established_on: date
    dissolved_on: date | None = None

    @property
    def is_cell(self) -> bool:
        """Say whether members belong to it directly."""
        return self.type.endswith("_cell")

    @property
    def grassroots_code(self) -> str:
        """Give the code of the grassroots organisation it is or lies in."""
        return ".".join(self.code.split(".")[:2])

    def in_force(self, day: date) -> bool:
        """Say whether it counts on a day: the day of dissolution no longer does."""
        return self.established_on <= day and (self.dissolved_on is None or day < self.dissolved_on)


@dataclass(frozen=True)
class CommitteePlan:
    """A đảng bộ cơ sở: the year it was established, its departments and its divisional committees."""

    name: str
    year: int
    cells: str
    divisions: tuple[tuple[str, str], ...] = ()
    dissolved_on: date | None = None


@dataclass(frozen=True)
class CellPlan:
    """A chi bộ cơ sở: directly under the bloc."""

    name: str
    year: int
    dissolved_on: date | None = None


@dataclass(frozen=True)
class LaterCellPlan:
    """A department's cell that was established or dissolved in 2019–2020."""

    committee: str
    name: str
    established_on: date | None = None
    dissolved_on: date | None = None


COMMITTEES: Final[tuple[CommitteePlan, ...]] = (
    CommitteePlan(
        "Văn phòng Tỉnh ủy",
        1976,
        "Phòng Tổng hợp; Phòng Tài chính đảng; Phòng Cơ yếu – Công nghệ thông tin; Phòng Lưu trữ; "
        "Phòng Quản trị",
    ),
    CommitteePlan(
        "Văn phòng Ủy ban nhân dân tỉnh",
        1976,
        "Phòng Tổng hợp; Phòng Kinh tế; Phòng Khoa giáo – Văn xã; Phòng Nội chính; "
        "Phòng Hành chính – Tổ chức; Trung tâm Tin học – Công báo",
    ),
    CommitteePlan(
        "Sở Nội vụ",
        1977,
        "Văn phòng; Thanh tra; Phòng Tổ chức, biên chế; Phòng Công chức, viên chức; "
        "Ban Thi đua – Khen thưởng; Ban Tôn giáo",
    ),
    CommitteePlan(
        "Sở Tài chính",
        1976,
        "Văn phòng; Thanh tra; Phòng Quản lý ngân sách; Phòng Hành chính sự nghiệp; "
        "Phòng Tài chính đầu tư; Phòng Quản lý giá và công sản",
    ),
    CommitteePlan(
        "Sở Kế hoạch và Đầu tư",
        1976,
        "Văn phòng; Thanh tra; Phòng Tổng hợp, quy hoạch; Phòng Kinh tế ngành; "
        "Phòng Đăng ký kinh doanh; Phòng Khoa giáo, văn xã",
    ),
    CommitteePlan(
        "Sở Xây dựng",
        1977,
        "Văn phòng; Thanh tra; Phòng Quản lý xây dựng; Phòng Quy hoạch – Kiến trúc; "
        "Phòng Quản lý nhà và hạ tầng; Trung tâm Kiểm định chất lượng",
    ),
    CommitteePlan(
        "Sở Giao thông vận tải",
        1976,
        "Văn phòng; Thanh tra; Phòng Kế hoạch – Tài chính; Phòng Quản lý kết cấu hạ tầng; "
        "Phòng Quản lý vận tải; Trung tâm Đăng kiểm; Ban Quản lý bến xe; "
        "Trung tâm Đào tạo, sát hạch lái xe",
    ),
    CommitteePlan(
        "Sở Công Thương",
        1978,
        "Văn phòng; Thanh tra; Phòng Quản lý công nghiệp; Phòng Quản lý thương mại; "
        "Phòng Kỹ thuật an toàn; Trung tâm Khuyến công",
    ),
    CommitteePlan(
        "Sở Nông nghiệp và Phát triển nông thôn",
        1976,
        "Văn phòng; Thanh tra; Phòng Kế hoạch – Tài chính; Chi cục Kiểm lâm; Chi cục Thủy lợi; "
        "Chi cục Thủy sản; Chi cục Chăn nuôi và Thú y; Chi cục Trồng trọt và Bảo vệ thực vật; "
        "Chi cục Phát triển nông thôn; Chi cục Quản lý chất lượng; Trung tâm Khuyến nông; "
        "Trung tâm Nước sạch nông thôn",
    ),
    CommitteePlan(
        "Sở Tài nguyên và Môi trường",
        1996,
        "Văn phòng; Thanh tra; Phòng Đất đai; Phòng Khoáng sản – Nước; Chi cục Bảo vệ môi trường; "
        "Văn phòng Đăng ký đất đai; Trung tâm Quan trắc; Trung tâm Kỹ thuật tài nguyên; "
        "Trung tâm Phát triển quỹ đất",
    ),
    CommitteePlan(
        "Sở Giáo dục và Đào tạo",
        1976,
        "Văn phòng; Thanh tra; Phòng Tổ chức cán bộ; Phòng Giáo dục trung học; "
        "Phòng Giáo dục mầm non – Tiểu học; Phòng Kế hoạch – Tài chính",
    ),
    CommitteePlan(
        "Sở Y tế",
        1976,
        "Văn phòng; Thanh tra; Phòng Nghiệp vụ y; Phòng Nghiệp vụ dược; Chi cục Dân số; "
        "Chi cục An toàn vệ sinh thực phẩm; Trung tâm Kiểm nghiệm",
    ),
    CommitteePlan(
        "Sở Văn hóa, Thể thao và Du lịch",
        1977,
        "Văn phòng; Thanh tra; Phòng Quản lý văn hóa; Phòng Quản lý thể thao; Phòng Quản lý du lịch; "
        "Trung tâm Văn hóa; Trung tâm Huấn luyện thể thao; Đoàn Nghệ thuật",
    ),
    CommitteePlan(
        "Sở Lao động – Thương binh và Xã hội",
        1976,
        "Văn phòng; Thanh tra; Phòng Người có công; Phòng Lao động – Việc làm; Phòng Bảo trợ xã hội; "
        "Trung tâm Dịch vụ việc làm; Trung tâm Công tác xã hội; Phòng Dạy nghề",
    ),
    CommitteePlan(
        "Sở Tư pháp",
        1982,
        "Văn phòng; Phòng Nghiệp vụ; Phòng Công chứng; Trung tâm Trợ giúp pháp lý",
    ),
    CommitteePlan(
        "Sở Thông tin và Truyền thông",
        1998,
        "Văn phòng; Thanh tra; Phòng Bưu chính – Viễn thông; Trung tâm Công nghệ thông tin",
    ),
    CommitteePlan(
        "Sở Khoa học và Công nghệ",
        1984,
        "Văn phòng; Phòng Quản lý khoa học; Chi cục Tiêu chuẩn – Đo lường – Chất lượng; "
        "Trung tâm Ứng dụng tiến bộ khoa học",
    ),
    CommitteePlan("Thanh tra tỉnh", 1978, "Văn phòng; Phòng Nghiệp vụ 1; Phòng Nghiệp vụ 2"),
    CommitteePlan(
        "Tòa án nhân dân tỉnh",
        1976,
        "Văn phòng; Tòa Hình sự; Tòa Dân sự; Tòa Hành chính; Phòng Kiểm tra nghiệp vụ",
    ),
    CommitteePlan(
        "Viện kiểm sát nhân dân tỉnh",
        1976,
        "Văn phòng; Phòng Thực hành quyền công tố; Phòng Kiểm sát xét xử; Phòng Kiểm sát thi hành án; "
        "Phòng Tổ chức cán bộ",
    ),
    CommitteePlan(
        "Cục Thuế tỉnh",
        1990,
        "Văn phòng; Phòng Tổ chức cán bộ; Phòng Thanh tra – Kiểm tra 1; Phòng Thanh tra – Kiểm tra 2; "
        "Phòng Kê khai và Kế toán thuế; Phòng Tuyên truyền – Hỗ trợ; Phòng Quản lý nợ; Phòng Nghiệp vụ",
    ),
    CommitteePlan(
        "Kho bạc Nhà nước tỉnh",
        1990,
        "Văn phòng; Phòng Kế toán nhà nước; Phòng Kiểm soát chi; Phòng Thanh tra – Kiểm tra; Phòng Tài vụ",
    ),
    CommitteePlan("Cục Thống kê tỉnh", 1979, "Phòng Tổ chức – Hành chính; Phòng Tổng hợp; Phòng Kinh tế"),
    CommitteePlan(
        "Bảo hiểm xã hội tỉnh",
        1995,
        "Văn phòng; Phòng Chế độ; Phòng Giám định; Phòng Quản lý thu; Phòng Kế hoạch – Tài chính; "
        "Phòng Tiếp nhận hồ sơ",
    ),
    CommitteePlan(
        "Ngân hàng Nhà nước chi nhánh tỉnh",
        1980,
        "Phòng Tổng hợp; Phòng Thanh tra, giám sát; Phòng Kế toán – Ngân quỹ",
    ),
    CommitteePlan("Báo tỉnh", 1980, "Phòng Thư ký tòa soạn; Phòng Phóng viên; Phòng Hành chính – Trị sự"),
    CommitteePlan(
        "Đài Phát thanh và Truyền hình tỉnh",
        1979,
        "Phòng Tổ chức – Hành chính; Phòng Thời sự; Phòng Văn nghệ – Giải trí; Phòng Chuyên đề; "
        "Phòng Kỹ thuật – Công nghệ",
    ),
    CommitteePlan(
        "Bệnh viện Đa khoa tỉnh",
        1978,
        "Khối Phòng chức năng; Khoa Khám bệnh; Khoa Cấp cứu; Khoa Dược; Khoa Xét nghiệm; "
        "Khoa Chẩn đoán hình ảnh; Khoa Kiểm soát nhiễm khuẩn",
        (
            ("Khối Nội", "Khoa Nội tổng hợp; Khoa Nội tim mạch; Khoa Nhi; Khoa Truyền nhiễm; Khoa Lão học"),
            ("Khối Ngoại", "Khoa Ngoại tổng hợp; Khoa Chấn thương; Khoa Phụ sản; Khoa Gây mê; Khoa Mắt"),
        ),
    ),
    CommitteePlan(
        "Bệnh viện Y dược cổ truyền tỉnh",
        1985,
        "Khối Phòng chức năng; Khoa Nội – Nhi; Khoa Châm cứu – Dưỡng sinh; Khoa Dược",
    ),
    CommitteePlan(
        "Trường Cao đẳng cộng đồng tỉnh",
        1979,
        "Phòng Tổ chức – Hành chính; Phòng Đào tạo; Phòng Công tác sinh viên; Khoa Kinh tế; "
        "Khoa Nông nghiệp; Khoa Kỹ thuật – Công nghệ; Trung tâm Ngoại ngữ – Tin học",
        (("Khối Sư phạm", "Khoa Tự nhiên; Khoa Xã hội; Khoa Tiểu học – Mầm non; Khoa Lý luận chính trị"),),
    ),
    CommitteePlan(
        "Trường Chính trị tỉnh",
        1976,
        "Phòng Tổ chức, hành chính; Phòng Quản lý đào tạo; Khoa Xây dựng Đảng; Khoa Lý luận cơ sở",
    ),
    CommitteePlan(
        "Công ty Cổ phần Cấp thoát nước tỉnh",
        1992,
        "Phòng Tổ chức – Hành chính; Phòng Kế hoạch – Tài chính; Phòng Kỹ thuật; Nhà máy nước số 1; "
        "Nhà máy nước số 2; Xí nghiệp Thoát nước; Xí nghiệp Xây lắp; Phòng Kinh doanh",
    ),
    CommitteePlan(
        "Công ty Cổ phần Xây lắp tỉnh",
        1986,
        "Khối Văn phòng; Đội Xây lắp số 1; Đội Xây lắp số 2",
        dissolved_on=date(2019, 7, 1),
    ),
)

LATER_CELLS: Final[tuple[LaterCellPlan, ...]] = (
    LaterCellPlan("Sở Tài chính", "Phòng Tài chính doanh nghiệp", established_on=date(2019, 2, 15)),
    LaterCellPlan("Cục Thuế tỉnh", "Chi cục Thuế khu vực", established_on=date(2019, 4, 1)),
    LaterCellPlan(
        "Công ty Cổ phần Cấp thoát nước tỉnh", "Nhà máy nước số 3", established_on=date(2019, 6, 3)
    ),
    LaterCellPlan("Bệnh viện Đa khoa tỉnh", "Khoa Ung bướu", established_on=date(2019, 9, 5)),
    LaterCellPlan("Sở Công Thương", "Phòng Thương mại điện tử", established_on=date(2020, 12, 1)),
    LaterCellPlan("Sở Nội vụ", "Phòng Công tác thanh niên", dissolved_on=date(2019, 3, 15)),
    LaterCellPlan("Sở Y tế", "Phòng Kế hoạch – Tài chính", dissolved_on=date(2019, 5, 2)),
    LaterCellPlan("Cục Thuế tỉnh", "Phòng Thuế thu nhập cá nhân", dissolved_on=date(2019, 10, 1)),
    LaterCellPlan("Sở Tư pháp", "Phòng Hành chính tư pháp", dissolved_on=date(2020, 3, 2)),
    LaterCellPlan("Trường Cao đẳng cộng đồng tỉnh", "Khoa Dự bị", dissolved_on=date(2020, 8, 3)),
    LaterCellPlan("Kho bạc Nhà nước tỉnh", "Phòng Tin học", dissolved_on=date(2020, 11, 30)),
    LaterCellPlan("Sở Xây dựng", "Phòng Vật liệu xây dựng", dissolved_on=date(2020, 12, 1)),
)
"""Changes of 2019–2020, among them one on the day counted, 30/11/2020, and two on the day after it."""

CELLS: Final[tuple[CellPlan, ...]] = (
    CellPlan("Ban Tổ chức Tỉnh ủy", 1976),
    CellPlan("Ban Tuyên giáo Tỉnh ủy", 1976),
    CellPlan("Ban Dân vận Tỉnh ủy", 1978),
    CellPlan("Ban Nội chính Tỉnh ủy", 1986),
    CellPlan("Cơ quan Ủy ban Kiểm tra Tỉnh ủy", 1976),
    CellPlan("Cơ quan Đảng ủy Khối", 1976),
    CellPlan("Văn phòng Hội đồng nhân dân tỉnh", 1990),
    CellPlan("Ban Dân tộc tỉnh", 1989),
    CellPlan("Cơ quan Ủy ban Mặt trận Tổ quốc tỉnh", 1977),
    CellPlan("Hội Liên hiệp Phụ nữ tỉnh", 1976),
    CellPlan("Hội Nông dân tỉnh", 1976),
    CellPlan("Hội Cựu chiến binh tỉnh", 1990),
    CellPlan("Tỉnh đoàn", 1976),
    CellPlan("Liên đoàn Lao động tỉnh", 1976),
    CellPlan("Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh", 1996),
    CellPlan("Hội Chữ thập đỏ tỉnh", 1983),
    CellPlan("Hội Văn học Nghệ thuật tỉnh", 1982),
    CellPlan("Hội Đông y tỉnh", 1988),
    CellPlan("Liên minh Hợp tác xã tỉnh", 1994),
    CellPlan("Ngân hàng Chính sách xã hội chi nhánh tỉnh", 2003),
    CellPlan("Ban Quản lý các khu công nghiệp tỉnh", 1998),
    CellPlan("Ban Quản lý dự án đầu tư xây dựng tỉnh", 1997),
    CellPlan("Quỹ Đầu tư phát triển tỉnh", 2004),
    CellPlan("Cục Thi hành án dân sự tỉnh", 1993),
    CellPlan("Cục Quản lý thị trường tỉnh", 1985),
    CellPlan("Cục Dự trữ Nhà nước khu vực", 1987),
    CellPlan("Trung tâm Xúc tiến Đầu tư tỉnh", 2006),
    CellPlan("Trung tâm Kiểm soát bệnh tật tỉnh", 1988),
    CellPlan("Thư viện tỉnh", 1981),
    CellPlan("Bảo tàng tỉnh", 1984),
    CellPlan("Trường Trung học phổ thông chuyên tỉnh", 1992),
    CellPlan("Trường Phổ thông dân tộc nội trú tỉnh", 1991),
    CellPlan("Bệnh viện Mắt tỉnh", 1995),
    CellPlan("Công ty TNHH một thành viên Xổ số kiến thiết tỉnh", 1989),
    CellPlan("Công ty Cổ phần In tỉnh", 1983),
    CellPlan("Bưu điện tỉnh", 1980),
    CellPlan("Trung tâm Phòng, chống HIV/AIDS tỉnh", 1999, dissolved_on=date(2019, 1, 15)),
    CellPlan("Trung tâm Truyền thông – Giáo dục sức khỏe tỉnh", 1996, dissolved_on=date(2019, 12, 2)),
    CellPlan("Ban Quản lý dự án giao thông tỉnh", 2000, dissolved_on=date(2020, 6, 1)),
)


def build_units(rng: random.Random) -> list[Unit]:
    """Build the whole tree, ordered by code: parents before children."""
    units = [Unit(ROOT_CODE, "", "bloc", ROOT_NAME, ROOT_ESTABLISHED)]
    for number, committee in enumerate(COMMITTEES, start=1):
        units += _committee_units(rng, f"{ROOT_CODE}.{number:02}", committee)
    for number, cell in enumerate(CELLS, start=len(COMMITTEES) + 1):
        established = _day_in(rng, cell.year)
        code = f"{ROOT_CODE}.{number:02}"
        units.append(
            Unit(code, ROOT_CODE, "grassroots_cell", f"Chi bộ {cell.name}", established, cell.dissolved_on)
        )
    return units


def _committee_units(rng: random.Random, code: str, plan: CommitteePlan) -> list[Unit]:
    """Build a grassroots committee with everything below it."""
    top = Unit(
        code,
        ROOT_CODE,
        "grassroots_committee",
        f"Đảng bộ {plan.name}",
        _day_in(rng, plan.year),
        plan.dissolved_on,
    )
    units = [top]
    cells = [LaterCellPlan(plan.name, name) for name in plan.cells.split("; ")]
    cells += [cell for cell in LATER_CELLS if cell.committee == plan.name]
    units += [_cell_unit(rng, top, number, cell) for number, cell in enumerate(cells, start=1)]
    for number, (name, departments) in enumerate(plan.divisions, start=len(cells) + 1):
        division = Unit(
            f"{code}.{number:02}", code, "divisional_committee", f"Đảng bộ bộ phận {name}", top.established_on
        )
        units.append(division)
        below = [LaterCellPlan(plan.name, department) for department in departments.split("; ")]
        units += [_cell_unit(rng, division, place, cell) for place, cell in enumerate(below, start=1)]
    return units


def _cell_unit(rng: random.Random, parent: Unit, number: int, plan: LaterCellPlan) -> Unit:
    """Build a subordinate cell; without a date of its own it is as old as its parent or somewhat younger."""
    established = plan.established_on or _old_cell_date(rng, parent.established_on)
    return Unit(
        f"{parent.code}.{number:02}",
        parent.code,
        "subordinate_cell",
        f"Chi bộ {plan.name}",
        established,
        plan.dissolved_on or parent.dissolved_on,
    )


def _old_cell_date(rng: random.Random, parent_established: date) -> date:
    """Draw when an old cell was established: three in five on the day its parent was."""
    if rng.random() < 0.6 or parent_established.year >= LATEST_OLD_CELL:
        return parent_established
    return _day_in(rng, rng.randint(parent_established.year + 1, LATEST_OLD_CELL))


def _day_in(rng: random.Random, year: int) -> date:
    """Draw a day between March and December, after the bloc itself was established in its first year."""
    return date(year, rng.randint(3, 12), rng.randint(1, 28))
