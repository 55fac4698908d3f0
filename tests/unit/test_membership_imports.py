"""Rows decided against an in-memory register: what is imported, what is refused, what follows from a second file."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import (
    DepartureReason,
    Gender,
    MemberAdmitted,
    MemberConfirmed,
    MemberHistoryRestatedV2,
    MemberLeft,
)
from services.membership import columns
from services.membership.columns import Column
from services.membership.domain import Organisation
from services.membership.files import Located, Row
from services.membership.history import History, history_of
from services.membership.imports.cells import (
    GENDERS,
    REASONS,
    TYPES,
    YES_NO,
    Words,
    parse_date,
    parse_day_first,
)
from services.membership.imports.members import plan_members
from services.membership.imports.organisations import plan_organisations
from services.membership.imports.report import MOST_LISTED, Plan, Report
from services.membership.members import Member
from services.membership.store import Changes


def parse(expected: Iterable[Column], text: str) -> list[Row]:
    names = [column.name for column in expected if not column.optional]
    lines = [line.split(",") for line in text.strip().splitlines()]
    return [
        Row(number, dict(zip(names, map(str.strip, cells), strict=True)))
        for number, cells in enumerate(lines, start=2)
    ]


def units(text: str, known: dict[str, Organisation] | None = None) -> Plan[Organisation]:
    return plan_organisations(parse(columns.ORGANISATIONS, text), known=known or {})


def people(
    text: str,
    cells: dict[str, Organisation],
    known: dict[str, Member] | None = None,
    histories: dict[UUID, History] | None = None,
) -> Plan[Member]:
    return plan_members(
        parse(columns.MEMBERS, text), cells=cells, members=known or {}, histories=histories or {}, seen={}
    )


def register(plan: Plan, known: dict | None = None) -> dict:
    return (known or {}) | {one.state.code: one.state for one in plan.decided}


def said(located: list[Located]) -> list[tuple[int, str, str | None]]:
    return [(one.line, one.fault.code, one.fault.column) for one in located if one.fault.message]


TREE = """
S2,G,subordinate_cell,Chi bộ Hai,1996-01-01,2020-06-01
K,,bloc,Đảng bộ Khối,1976-01-01,
S1,G,subordinate_cell,Chi bộ Một,1996-01-01,
G,K,grassroots_committee,Đảng bộ Sở Y tế,1990-01-01,
C,K,grassroots_cell,Chi bộ Thanh tra,1990-01-01,
"""
CELLS = register(units(TREE))
MEMBER = "M1,S1,Lê Thị Hoa,1990-05-01,female,Kinh,Không,no,2015-03-01,2016-03-01,,"


def test_a_tree_is_imported_whatever_the_order_of_its_rows():
    plan = units(TREE)
    assert (plan.imported, plan.refused, len(plan.decided), plan.errors) == (5, 0, 6, [])
    tree = register(plan)
    assert tree["S2"].parent_id == tree["G"].id
    assert tree["S2"].dissolved_on == date(2020, 6, 1)
    assert tree["S2"].version == 2
    assert tree["K"].parent_id is None


def test_the_same_tree_again_changes_nothing_and_what_is_new_is_added():
    again = units(TREE, CELLS)
    assert (again.unchanged, again.imported, again.decided, again.errors) == (5, 0, [], [])
    more = units(
        TREE.replace("Chi bộ Thanh tra,1990-01-01,", "Chi bộ Thanh tra,1990-01-01,2021-01-01"), CELLS
    )
    assert (more.unchanged, more.imported) == (4, 1)
    assert [one.event.TYPE for one in more.decided] == ["vn.chibo.membership.organisation-dissolved.v1"]
    assert more.decided[0].state.version == 2
    child = units("S3,G,subordinate_cell,Chi bộ Ba,1999-01-01,", CELLS)
    assert child.decided[0].state.parent_id == CELLS["G"].id


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("C,K,grassroots_cell,Chi bộ Khác,1990-01-01,", "name"),
        ("C,K,grassroots_committee,Chi bộ Thanh tra,1990-01-01,", "type"),
        ("C,K,grassroots_cell,Chi bộ Thanh tra,1990-01-02,", "established_on"),
        ("S1,C,subordinate_cell,Chi bộ Một,1996-01-01,", "parent_code"),
        ("S2,G,subordinate_cell,Chi bộ Hai,1996-01-01,", "dissolved_on"),
        ("S2,G,subordinate_cell,Chi bộ Hai,1996-01-01,2020-06-02", "dissolved_on"),
    ],
)
def test_a_unit_that_differs_from_the_register_is_refused_by_column(row, column):
    plan = units(row, CELLS)
    assert said(plan.errors) == [(2, "differs-from-register", column)]
    assert plan.refused == 1


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("X,K,grassroots_cell,Chi bộ,31/02/2000,", (2, "date-does-not-exist", "established_on")),
        ("X,K,grassroots_cell,Chi bộ,2001-02-29,", (2, "date-does-not-exist", "established_on")),
        ("X,K,grassroots_cell,Chi bộ,02/28/2000,", (2, "date-month-first", "established_on")),
        ("X,K,grassroots_cell,Chi bộ,28/02/00,", (2, "date-two-digit-year", "established_on")),
        ("X,K,grassroots_cell,Chi bộ,20000101,", (2, "date-not-iso", "established_on")),
        ("X,K,grassroots_cell,Chi bộ,,", (2, "value-missing", "established_on")),
        ("X,K,cell,Chi bộ,2000-01-01,", (2, "unknown-word", "type")),
        ("X,K,,Chi bộ,2000-01-01,", (2, "value-missing", "type")),
        ("X,K,grassroots_cell,,2000-01-01,", (2, "value-missing", "name")),
        (",K,grassroots_cell,Chi bộ,2000-01-01,", (2, "value-missing", "code")),
        ("X,Q,grassroots_cell,Chi bộ,2000-01-01,", (2, "unknown-parent", "parent_code")),
        ("X,,grassroots_cell,Chi bộ,2000-01-01,", (2, "parent-missing", "parent_code")),
        ("X,G,grassroots_cell,Chi bộ,2000-01-01,", (2, "parent-type-mismatch", "parent_code")),
        (
            "X,K,grassroots_cell,Chi bộ,2000-01-01,2000-01-01",
            (2, "dissolved-before-established", "dissolved_on"),
        ),
        ("X,X,subordinate_cell,Chi bộ,2000-01-01,", (2, "cyclic-tree", "parent_code")),
    ],
)
def test_a_bad_unit_is_refused_with_its_place(row, fault):
    plan = units(row, CELLS)
    assert said(plan.errors) == [fault]
    assert (plan.imported, plan.refused, plan.decided) == (0, 1, [])


@pytest.mark.parametrize("said", ["Chi bộ cơ sở", "CHI BỘ CƠ SỞ", "chi bo co so"])
def test_types_may_be_said_in_vietnamese_with_or_without_diacritics(said):
    assert units(f"X,K,{said},Chi bộ,2000-01-01,", CELLS).decided[0].state.type == "grassroots_cell"


@pytest.mark.parametrize("day", ["05/09/2001", "5/9/2001", "05-09-2001", "05.09.2001"])
def test_dates_may_be_written_day_first_and_that_is_counted(day):
    plan = units(f"X,K,grassroots_cell,Một,{day},\nY,K,grassroots_cell,Hai,{day},06/09/2001", CELLS)
    assert {unit.established_on for unit in register(plan).values()} == {date(2001, 9, 5)}
    answer = Report("f")
    answer.add(plan)
    answer.add(people(MEMBER.replace("1990-05-01", "01/05/1990"), CELLS))
    notices = answer.as_json()["notices"]
    assert [(notice["line"], notice["code"], notice["column"]) for notice in notices] == [
        (1, "dates-day-first", column) for column in ("established_on", "dissolved_on", "birth_date")
    ]
    assert "có 2 ngày" in notices[0]["message"]
    assert answer.warnings_total == 0


def test_a_circle_is_named_and_what_hangs_on_it_is_refused_after_it():
    plan = units(
        """
D,A,subordinate_cell,Chi bộ,2000-01-01,
A,B,grassroots_committee,Đảng bộ,2000-01-01,
B,C,grassroots_committee,Đảng bộ,2000-01-01,
C,A,grassroots_committee,Đảng bộ,2000-01-01,
K,,bloc,Đảng bộ Khối,1976-01-01,
"""
    )
    assert said(plan.errors) == [
        (3, "cyclic-tree", "parent_code"),
        (4, "cyclic-tree", "parent_code"),
        (5, "cyclic-tree", "parent_code"),
        (2, "parent-refused", "parent_code"),
    ]
    assert "A → B → C → A" in plan.errors[0].fault.message
    assert (plan.imported, plan.refused) == (1, 4)


def test_everything_under_a_refused_unit_is_refused_and_says_so():
    plan = units(TREE.replace("Sở Y tế,1990-01-01", "Sở Y tế,1990-13-01"))
    assert said(plan.errors) == [
        (5, "date-does-not-exist", "established_on"),
        (2, "parent-refused", "parent_code"),
        (4, "parent-refused", "parent_code"),
    ]
    assert "dòng 5" in plan.errors[1].fault.message
    assert set(register(plan)) == {"K", "C"}


def test_the_second_row_of_a_code_is_refused_with_the_line_of_the_first():
    plan = units(TREE + "C,K,grassroots_cell,Chi bộ Khác,1990-01-01,")
    assert said(plan.errors) == [(7, "duplicate-code", "code")]
    assert "dòng 6" in plan.errors[0].fault.message
    assert register(plan)["C"].name == "Chi bộ Thanh tra"
    twice = people(f"{MEMBER}\n{MEMBER}", CELLS)
    assert said(twice.errors) == [(3, "duplicate-code", "code")]
    assert (twice.imported, twice.refused) == (1, 1)


def test_a_code_seen_in_an_earlier_part_of_the_file_is_a_duplicate():
    rows = parse(columns.MEMBERS, MEMBER)
    plan = plan_members(rows, cells=CELLS, members={}, histories={}, seen={"M1": 1})
    assert said(plan.errors) == [(2, "duplicate-code", "code")]


def test_a_unit_older_than_its_parent_is_only_warned_of():
    plan = units(TREE.replace("Chi bộ Thanh tra,1990-01-01", "Chi bộ Thanh tra,1970-01-01"))
    assert said(plan.warnings) == [(6, "established-before-parent", "established_on")]
    assert plan.imported == 5


def test_a_member_row_becomes_an_event_for_each_fact():
    plan = people(MEMBER.removesuffix(",") + "2020-01-01,Chuyển đi", CELLS)
    assert plan.errors == []
    assert [type(one.event) for one in plan.decided] == [MemberAdmitted, MemberConfirmed, MemberLeft]
    assert [one.event.effective_date for one in plan.decided] == [
        date(2015, 3, 1), date(2016, 3, 1), date(2020, 1, 1),
    ]  # fmt: skip
    assert plan.decided[2].event.reason is DepartureReason.TRANSFERRED_OUT
    assert plan.decided[0].event.after.cell_id == CELLS["S1"].id


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (",S1,", ",Q,", (2, "unknown-cell", "cell_code")),
        (",S1,", ",,", (2, "value-missing", "cell_code")),
        (",S1,", ",G,", (2, "not-a-cell", "cell_code")),
        ("2015-03-01", "1995-12-31", (2, "admitted-before-cell", "admitted_on")),
        ("S1,Lê Thị Hoa,1990-05-01,female,Kinh,Không,no,2015-03-01,2016-03-01",
         "S2,Lê Thị Hoa,1990-05-01,female,Kinh,Không,no,2020-06-01,", (2, "admitted-after-cell", "admitted_on")),
        ("1990-05-01", "31/02/1990", (2, "date-does-not-exist", "birth_date")),
        ("1990-05-01", "2015-03-01", (2, "born-after-admission", "birth_date")),
        ("2016-03-01", "2015-02-28", (2, "confirmed-before-admission", "official_on")),
        ("female", "", (2, "value-missing", "gender")),
        ("female", "f", (2, "unknown-word", "gender")),
        (",no,", ",,", (2, "value-missing", "youth_union")),
        (",no,", ",maybe,", (2, "unknown-word", "youth_union")),
        (",Kinh,", ",,", (2, "ethnicity-missing", "ethnicity")),
        ("Lê Thị Hoa", "", (2, "value-missing", "full_name")),
        ("M1", "", (2, "value-missing", "code")),
        ("2016-03-01,,", "2016-03-01,,died", (2, "reason-without-date", "left_reason")),
        ("2016-03-01,,", "2016-03-01,2016-02-28,died", (2, "left-before-confirmation", "left_on")),
        ("2016-03-01,,", ",2015-02-28,died", (2, "left-before-admission", "left_on")),
        ("2016-03-01,,", ",2017-02-28,nghỉ", (2, "unknown-word", "left_reason")),
    ],
)  # fmt: skip
def test_a_bad_member_is_refused_with_its_place(old, new, fault):
    assert old in MEMBER
    plan = people(MEMBER.replace(old, new), CELLS)
    assert said(plan.errors) == [fault]
    assert (plan.imported, plan.refused, plan.decided) == (0, 1, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("gender", "Nữ"),
        ("gender", "FEMALE"),
        ("youth_union", "Không"),
        ("religion", ""),
        ("religion", "không"),
        ("gender", "Nu"),
        ("gender", "NU"),
        ("youth_union", "khong"),
    ],
)
def test_words_may_be_vietnamese_and_in_any_case(column, value):
    row = parse(columns.MEMBERS, MEMBER)[0]
    row.cells[column] = value
    state = plan_members([row], cells=CELLS, members={}, histories={}, seen={}).decided[0].state
    assert (state.gender, state.youth_union, state.identity.religion) == (Gender.FEMALE, False, None)


def test_leaving_without_a_reason_is_unstated():
    plan = people("M1,S1,Lê,1990-05-01,male,Tày,Tin Lành,có,2015-03-01,,2016-01-01,", CELLS)
    assert plan.decided[1].event.reason is DepartureReason.UNSTATED
    state = plan.decided[0].event.after
    assert (state.ethnic_minority, state.religious, state.youth_union) == (True, True, True)


def test_a_second_file_adds_the_facts_that_are_new():
    on_probation = MEMBER.replace("2016-03-01", "")
    known = register(people(on_probation, CELLS))
    assert people(on_probation, CELLS, known).unchanged == 1
    confirmed = people(MEMBER, CELLS, known)
    assert [type(one.event) for one in confirmed.decided] == [MemberConfirmed]
    known = register(confirmed)
    assert known["M1"].version == 2
    left = people(MEMBER + "died", CELLS, known)
    assert said(left.errors) == [(2, "reason-without-date", "left_reason")]
    gone = MEMBER.removesuffix(",") + "2019-01-01,died"
    assert gone.count(",") == 11
    left = people(gone, CELLS, known)
    assert [type(one.event) for one in left.decided] == [MemberLeft]
    assert left.decided[0].state.version == 3
    again = people(gone, CELLS, register(left))
    assert (again.unchanged, again.decided) == (1, [])


GONE = MEMBER.removesuffix(",") + "2019-01-01,died"


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (",S1,", ",C,", "cell_code"),
        ("2015-03-01", "2015-03-02", "admitted_on"),
        ("2016-03-01", "2016-03-02", "official_on"),
        ("2016-03-01", "", "official_on"),
        ("2019-01-01", "2019-01-02", "left_on"),
    ],
)
def test_a_member_that_differs_from_the_register_is_refused_with_both_values(old, new, column):
    plan = people(GONE.replace(old, new), CELLS, register(people(GONE, CELLS)))
    assert said(plan.errors) == [(2, "differs-from-register", column)]
    message = plan.errors[0].fault.message
    assert as_told(old) in message
    assert as_told(new) in message


def as_told(text):
    """What a message has for a cell: a day as people write it."""
    cell = text.strip(",") or "trống"
    return f"{date.fromisoformat(cell):%d/%m/%Y}" if "-" in cell else cell


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("Lê Thị Hoa", "Lê Thị Huệ", "full_name"),
        ("1990-05-01", "1990-05-02", "birth_date"),
        ("female", "male", "gender"),
        ("Kinh", "Thái", "ethnicity"),
        ("Không", "Phật giáo", "religion"),
        (",no,", ",yes,", "youth_union"),
        ("died", "removed", "left_reason"),
    ],
)
def test_a_personal_column_that_differs_is_named_without_its_values(old, new, column):
    plan = people(GONE.replace(old, new), CELLS, register(people(GONE, CELLS)))
    assert said(plan.errors) == [(2, "personal-differs-from-register", column)]
    assert old.strip(",") not in plan.errors[0].fault.message


def test_no_personal_value_is_repeated_in_an_error():
    text = MEMBER.replace("1990-05-01", "31/02/1990").replace("female", "đàn bà").replace(",no,", ",chưa,")
    answer = Report("f")
    answer.add(people(text, CELLS))
    listed = str(answer.as_json())
    assert len(answer.errors) == 3
    assert not any(value in listed for value in ("1990", "đàn bà", "chưa,", "Hoa"))


def test_a_confirmation_found_after_the_departure_is_recorded_late():
    before = people(GONE.replace("2016-03-01", ""), CELLS)
    [member] = {one.state.id for one in before.decided}
    told = {member: history_of(one.event for one in before.decided)}
    plan = people(GONE, CELLS, register(before), told)
    assert [type(one.event) for one in plan.decided] == [MemberHistoryRestatedV2]
    assert (plan.imported, plan.errors) == (1, [])


def test_a_date_with_the_month_first_puts_the_others_of_the_file_in_doubt():
    answer = Report("f")
    answer.add(people(MEMBER.replace("2016-03-01", "03/25/2016"), CELLS))
    assert not answer.doubt_dates()
    assert answer.errors_total == 1
    answer.add(people(MEMBER.replace("2015-03-01", "04/05/2015"), CELLS))
    assert answer.doubt_dates()
    assert [error["code"] for error in answer.errors] == ["dates-mixed", "date-month-first"]
    assert answer.errors_total == 2


def test_a_report_lists_so_many_errors_and_counts_all():
    text = "\n".join(
        MEMBER.replace("M1", f"M{number}").replace("S1", "Q") for number in range(MOST_LISTED + 50)
    )
    answer = Report("tệp.csv")
    answer.add(people(text, CELLS))
    assert len(answer.as_json()["errors"]) == MOST_LISTED
    assert answer.as_json()["errors_total"] == MOST_LISTED + 50
    first = answer.as_json()["errors"][0]
    assert (first["file"], first["line"], first["column"], first["code"]) == (
        "tệp.csv", 2, "cell_code", "unknown-cell",
    )  # fmt: skip
    assert "Không có chi bộ" in first["message"]


def test_what_is_written_is_one_row_a_new_member_and_one_event_a_fact():
    changes = Changes(people(GONE, CELLS).decided)
    assert {table: len(records) for table, records in changes.inserts.items() if records} == {
        "members": 1,
        "member_identities": 1,
        "member_states": 2,
    }
    assert changes.updates == []
    assert [event.aggregate_version for event in changes.events] == [1, 2, 3]
    assert not any("Hoa" in event.payload or "Kinh" in event.payload for event in changes.events)
    known = register(people(MEMBER, CELLS))
    later = Changes(people(GONE, CELLS, known).decided)
    assert not any(later.inserts.values())
    assert [event.aggregate_version for event in later.events] == [3]
    [(_, (expected, *_, version))] = later.updates
    assert (expected, version) == ([2], [3])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-02-29", date(2020, 2, 29)),
        ("2021-02-29", "date-does-not-exist"),
        ("31/02/2020", "date-does-not-exist"),
        ("2020/02/30", "date-does-not-exist"),
        ("30/11/2020", "date-not-iso"),
        ("30-11-2020", "date-not-iso"),
        ("2020-11-30 00:00:00", "date-not-iso"),
        ("2020-W01-1", "date-not-iso"),
        ("２０２０-01-01", "date-not-iso"),
        ("0000-01-01", "date-does-not-exist"),
        ("hôm qua", "date-not-iso"),
    ],
)
def test_dates_of_commands_are_iso_and_real(text, expected):
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30/11/2020", date(2020, 11, 30)),
        ("4/5/2020", date(2020, 5, 4)),
        ("04.05.2020", date(2020, 5, 4)),
        ("4-5-2020", date(2020, 5, 4)),
        ("04/25/2020", "date-month-first"),
        ("31/02/2020", "date-does-not-exist"),
        ("13/13/2020", "date-does-not-exist"),
        ("04/32/2020", "date-does-not-exist"),
        ("00/12/2020", "date-does-not-exist"),
        ("30/11/20", "date-two-digit-year"),
        ("04/05.2020", "date-not-iso"),
        ("4/5/020", "date-not-iso"),
        ("2020/11/30", "date-not-iso"),
        ("2020/02/30", "date-does-not-exist"),
        ("0４/05/2020", "date-not-iso"),
        ("11/2020", "date-not-iso"),
        ("1983", "date-not-iso"),
    ],
)
def test_dates_of_files_have_the_day_first(text, expected):
    assert parse_day_first(text) == expected


@given(st.dates(), st.sampled_from("/-."), st.booleans())
def test_any_day_written_day_first_is_read(day, mark, padded):
    numbers = (f"{day.day:02}", f"{day.month:02}") if padded else (str(day.day), str(day.month))
    assert parse_day_first(mark.join((*numbers, f"{day.year:04}"))) == day


@pytest.mark.parametrize("words", [TYPES, GENDERS, YES_NO, REASONS])
def test_each_meaning_has_a_word_of_the_format_and_a_vietnamese_one(words):
    assert {words[word] for word in words.offered_en.split(", ")} == set(words.values())
    assert {words[word.casefold()] for word in words.offered.split(", ")} == set(words.values())


def test_a_word_without_diacritics_that_could_be_two_is_neither():
    words = Words({"died": 1, "lost": 2, "gone": 3}, {1: "Mất", 2: "Mật", 3: "Đi"})
    assert (words["mất"], words["mật"], words["di"]) == (1, 2, 3)
    assert "mat" not in words
    assert "đí" not in words


def test_every_reason_can_be_said_in_english_and_vietnamese():
    assert set(REASONS.values()) == set(DepartureReason)
    assert {word.value for word in DepartureReason} <= set(REASONS)
    assert all(word == word.casefold() for word in REASONS)
    assert REASONS["tu tran"] is REASONS["mat"] is DepartureReason.DIED
    assert REASONS["xóa tên"] is REASONS["xoá tên"] is DepartureReason.REMOVED


DAY = st.dates(min_value=date(2000, 1, 1), max_value=date(2005, 12, 31))


@st.composite
def histories(draw) -> list[tuple[str, date, date | None, date | None]]:
    drawn = []
    for number in range(draw(st.integers(0, 12))):
        admitted = draw(DAY)
        official = draw(st.none() | st.integers(0, 600).map(lambda days, a=admitted: a + timedelta(days)))
        left = draw(
            st.none() | st.integers(0, 600).map(lambda days, a=official or admitted: a + timedelta(days))
        )
        drawn.append((f"M{number}", admitted, official, left))
    return drawn


@given(histories(), DAY)
def test_events_of_any_valid_file_add_up_to_the_counting_rule(drawn, day):
    text = "\n".join(
        f"{code},C,Lê Văn {code},1975-01-01,male,Kinh,,no,{admitted},{official or ''},{left or ''},"
        for code, admitted, official, left in drawn
    )
    plan = people(text, CELLS)
    assert (plan.errors, plan.imported) == ([], len(drawn))
    past = [one.event for one in plan.decided if one.event.effective_date <= day]
    total = sum((event.after is not None) - (event.before is not None) for event in past)
    assert total == sum(admitted <= day and (not left or day < left) for _, admitted, _, left in drawn)
    assert people(text, CELLS, register(plan)).unchanged == len(drawn)
