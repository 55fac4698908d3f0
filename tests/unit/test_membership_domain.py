"""The rules of the tree and the register: what is refused, what is only unusual, what events say."""

import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import DepartureReason, Gender, MemberState, OrganisationType, Standing
from services.membership import domain, members, thresholds
from services.membership.data import vietnamese_working_days
from services.membership.domain import DomainError, Organisation
from services.membership.members import Identity, Member

BLOC = Organisation(
    id=uuid4(), code="K", name="Đảng bộ Khối", type=OrganisationType.BLOC, parent_id=None, parent_code=None,
    established_on=date(1976, 1, 1),
)  # fmt: skip


def unit(type_: OrganisationType, **changes) -> Organisation:
    made = Organisation(
        id=uuid4(), code="U", name="Đơn vị", type=type_, parent_id=BLOC.id, parent_code="K",
        established_on=date(2000, 1, 1),
    )  # fmt: skip
    return replace(made, **changes)


CELL = unit(OrganisationType.GRASSROOTS_CELL, code="C")


def establish(**changes) -> domain.EstablishOrganisation:
    command = domain.EstablishOrganisation(
        code="C", parent_code="K", type=OrganisationType.GRASSROOTS_CELL, name="Chi bộ Sở Y tế",
        established_on=date(2000, 1, 1),
    )  # fmt: skip
    return replace(command, **changes)


def admit(identity: dict | None = None, **changes) -> members.AdmitMember:
    who = {"full_name": "Lê Thị Hoa", "birth_date": date(1990, 5, 1), "ethnicity": "Kinh", "religion": None}
    command = members.AdmitMember(
        code="M1", cell_code="C", identity=Identity(**(who | (identity or {}))), gender=Gender.FEMALE,
        youth_union=False, admitted_on=date(2015, 3, 1),
    )  # fmt: skip
    return replace(command, **changes)


def admitted(identity: dict | None = None, cell: Organisation = CELL, **changes) -> Member:
    return members.decide_admission(admit(identity, **changes), cell=cell, new_id=uuid4()).state


def codes(raised) -> list[str]:
    return [fault.code for fault in raised.value.faults]


ALL = list(OrganisationType)
PAIRS = {
    ("grassroots_committee", "bloc"), ("grassroots_cell", "bloc"),
    ("divisional_committee", "grassroots_committee"), ("subordinate_cell", "grassroots_committee"),
    ("subordinate_cell", "divisional_committee"),
}  # fmt: skip


@pytest.mark.parametrize("parent_type", ALL)
@pytest.mark.parametrize("type_", [type_ for type_ in ALL if type_ is not OrganisationType.BLOC])
def test_a_unit_hangs_only_under_the_types_that_the_tree_allows(type_, parent_type):
    command = establish(type=type_, parent_code="U")
    parent = unit(parent_type)
    if (type_.value, parent_type.value) in PAIRS:
        decided = domain.decide_establishment(command, parent=parent, new_id=uuid4())
        assert decided.event.after.parent_id == parent.id
    else:
        with pytest.raises(DomainError) as raised:
            domain.decide_establishment(command, parent=parent, new_id=uuid4())
        assert codes(raised) == ["parent-type-mismatch"]


def test_a_bloc_is_a_root_and_nothing_else_is():
    bloc = establish(type=OrganisationType.BLOC, parent_code=None)
    assert domain.decide_establishment(bloc, parent=None, new_id=uuid4()).event.after.parent_id is None
    for command, parent, code in (
        (replace(bloc, parent_code="K"), BLOC, "parent-not-allowed"),
        (establish(parent_code=None), None, "parent-missing"),
        (establish(parent_code="X"), None, "unknown-parent"),
    ):
        with pytest.raises(DomainError) as raised:
            domain.decide_establishment(command, parent=parent, new_id=uuid4())
        assert codes(raised) == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": ""}, "value-missing"),
        ({"code": "x" * 65}, "too-long"),
        ({"code": "a\x07b"}, "control-character"),
        ({"name": ""}, "value-missing"),
        ({"name": "x" * 301}, "too-long"),
        ({"name": "a\x00b"}, "control-character"),
    ],
)
def test_codes_and_names_are_there_and_within_bounds(changes, code):
    with pytest.raises(DomainError) as raised:
        domain.decide_establishment(establish(**changes), parent=BLOC, new_id=uuid4())
    assert codes(raised) == [code]


def test_the_longest_code_and_name_are_accepted():
    command = establish(code="x" * 64, name="Ơ" * 300)
    assert domain.decide_establishment(command, parent=BLOC, new_id=uuid4()).state.name == "Ơ" * 300


def test_a_unit_ends_once_and_after_its_beginning():
    decided = domain.decide_dissolution(CELL, domain.DissolveOrganisation(dissolved_on=date(2000, 1, 2)))
    assert decided.state.version == 2
    assert decided.event.effective_date == date(2000, 1, 2)
    assert decided.event.before.type is OrganisationType.GRASSROOTS_CELL
    with pytest.raises(DomainError) as raised:
        domain.decide_dissolution(decided.state, domain.DissolveOrganisation(dissolved_on=date(2001, 1, 1)))
    assert codes(raised) == ["already-dissolved"]
    with pytest.raises(DomainError) as raised:
        domain.decide_dissolution(CELL, domain.DissolveOrganisation(dissolved_on=CELL.established_on))
    assert codes(raised) == ["dissolved-before-established"]


@pytest.mark.parametrize(
    ("command", "cell", "code"),
    [
        (admit(), None, "unknown-cell"),
        (admit(cell_code=""), None, "value-missing"),
        (admit(), unit(OrganisationType.GRASSROOTS_COMMITTEE), "not-a-cell"),
        (admit(), BLOC, "not-a-cell"),
        (admit(), replace(CELL, established_on=date(2015, 3, 2)), "admitted-before-cell"),
        (admit(), replace(CELL, dissolved_on=date(2015, 3, 1)), "admitted-after-cell"),
        (admit({"birth_date": date(2015, 3, 1)}), CELL, "born-after-admission"),
        (admit({"full_name": ""}), CELL, "value-missing"),
        (admit({"ethnicity": ""}), CELL, "ethnicity-missing"),
        (admit({"religion": "x" * 301}), CELL, "too-long"),
        (admit(code=""), CELL, "value-missing"),
    ],
)
def test_an_admission_that_breaks_a_rule_is_refused(command, cell, code):
    with pytest.raises(DomainError) as raised:
        members.decide_admission(command, cell=cell, new_id=uuid4())
    assert codes(raised) == [code]


@pytest.mark.parametrize(
    "cell",
    [
        replace(CELL, established_on=date(2015, 3, 1)),
        replace(CELL, dissolved_on=date(2015, 3, 2)),
        unit(OrganisationType.SUBORDINATE_CELL),
    ],
)
def test_an_admission_on_the_first_or_last_day_of_a_cell_stands(cell):
    assert members.decide_admission(admit(), cell=cell, new_id=uuid4()).event.after.cell_id == cell.id


def test_all_broken_rules_are_named_at_once():
    with pytest.raises(DomainError) as raised:
        members.decide_admission(
            admit({"ethnicity": "", "full_name": ""}, code=""), cell=None, new_id=uuid4()
        )
    assert codes(raised) == ["value-missing", "value-missing", "ethnicity-missing", "unknown-cell"]


def test_confirmation_and_departure_keep_the_order_of_dates():
    member = admitted()
    with pytest.raises(DomainError) as raised:
        members.decide_confirmation(member, members.ConfirmMember(official_on=date(2015, 2, 28)))
    assert codes(raised) == ["confirmed-before-admission"]
    confirmed = members.decide_confirmation(member, members.ConfirmMember(official_on=date(2016, 3, 1))).state
    with pytest.raises(DomainError) as raised:
        members.decide_confirmation(confirmed, members.ConfirmMember(official_on=date(2016, 3, 1)))
    assert codes(raised) == ["already-confirmed"]
    for day, code in (
        (date(2015, 2, 1), "left-before-admission"),
        (date(2016, 2, 29), "left-before-confirmation"),
    ):
        with pytest.raises(DomainError) as raised:
            members.decide_departure(confirmed, members.RecordDeparture(left_on=day))
        assert codes(raised) == [code]
    left = members.decide_departure(confirmed, members.RecordDeparture(left_on=date(2016, 3, 1)))
    assert left.event.reason is DepartureReason.UNSTATED
    assert left.event.before.standing is Standing.OFFICIAL
    assert left.state.version == 3
    for decide in (
        lambda: members.decide_departure(left.state, members.RecordDeparture(left_on=date(2017, 1, 1))),
        lambda: members.decide_confirmation(
            replace(left.state, official_on=None), members.ConfirmMember(official_on=date(2016, 1, 1))
        ),
    ):
        with pytest.raises(DomainError) as raised:
            decide()
        assert codes(raised) == ["already-left"]


@pytest.mark.parametrize(
    ("ethnicity", "minority"),
    [("Kinh", False), ("KINH", False), (" kinh ", False), ("Thái", True), ("Tày", True), ("Kinh-Hoa", True)],
)
def test_every_group_but_kinh_is_a_minority(ethnicity, minority):
    assert admitted({"ethnicity": ethnicity}).counted.ethnic_minority is minority


@pytest.mark.parametrize(
    ("text", "religion"),
    [
        ("", None), (None, None), ("Không", None), ("KHÔNG", None),
        (unicodedata.normalize("NFD", "không"), None), ("Phật giáo", "Phật giáo"), ("Không rõ", "Không rõ"),
    ],
)  # fmt: skip
def test_only_an_empty_cell_or_khong_is_no_religion(text, religion):
    assert members.religion_of(text) == religion


@pytest.mark.parametrize(
    ("born", "on", "warned"),
    [
        (date(1997, 3, 1), date(2015, 3, 1), False),
        (date(1997, 3, 2), date(2015, 3, 1), True),
        (date(1955, 3, 1), date(2015, 3, 31), False),
        (date(1955, 2, 1), date(2015, 3, 1), True),
        (date(1996, 2, 29), date(2014, 2, 28), False),
    ],
)
def test_an_age_at_admission_outside_the_rule_is_a_warning(born, on, warned):
    member = admitted({"birth_date": born}, admitted_on=on)
    warnings = members.member_warnings(member, CELL)
    assert [fault.code for fault in warnings] == ["age-at-admission"] * warned
    if warned:
        source = (
            thresholds.LEAST_AGE_AT_ADMISSION if born.year > 1990 else thresholds.MOST_AGE_AT_ADMISSION
        ).source
        assert source in warnings[0].message


def test_unusual_things_are_warned_of():
    member = replace(admitted(), official_on=date(2016, 2, 29))
    cell = replace(CELL, dissolved_on=date(2020, 1, 1))
    assert [fault.code for fault in members.member_warnings(member, cell)] == [
        "confirmed-early",
        "outlives-cell",
    ]
    usual = replace(member, official_on=date(2016, 3, 1), left_on=date(2020, 1, 1))
    assert members.member_warnings(usual, cell) == []
    parent = replace(BLOC, established_on=date(2000, 1, 2))
    assert [fault.code for fault in domain.organisation_warnings(CELL, parent)] == [
        "established-before-parent"
    ]
    assert domain.organisation_warnings(CELL, replace(BLOC, established_on=CELL.established_on)) == []
    assert domain.organisation_warnings(BLOC, None) == []


@pytest.mark.parametrize(
    ("admitted_on", "official_on", "warned"),
    [
        (date(2022, 2, 28), date(2023, 2, 28), False),
        (date(2022, 2, 28), date(2023, 3, 1), True),
        # Before the rule nobody is held against it.
        (date(2021, 7, 29), date(2022, 9, 1), False),
        (date(2021, 7, 30), date(2022, 9, 1), True),
    ],
)
def test_who_is_official_later_than_the_end_of_probation_is_warned_of(admitted_on, official_on, warned):
    member = replace(admitted(admitted_on=admitted_on), official_on=official_on)
    warnings = members.member_warnings(member, CELL)
    assert [fault.code for fault in warnings] == ["confirmed-late"] * warned
    assert all(
        f"{admitted_on.replace(year=admitted_on.year + 1):%d/%m/%Y}" in one.message for one in warnings
    )


@pytest.mark.parametrize(
    ("decided_on", "admitted_on", "warned"),
    [
        (date(2022, 3, 1), date(2022, 4, 13), False),
        (date(2022, 3, 1), date(2022, 4, 14), True),
        (None, date(2022, 4, 14), False),
        (date(2021, 7, 29), date(2022, 4, 14), False),
        # Nobody knows the working days of that time.
        (date(2999, 3, 1), date(2999, 12, 31), False),
    ],
)
def test_a_ceremony_is_held_within_thirty_working_days_of_the_decision(decided_on, admitted_on, warned):
    found = members.ceremony_warnings(admitted_on, decided_on, vietnamese_working_days())
    assert [fault.code for fault in found] == ["ceremony-late"] * warned


def test_nobody_can_be_recognised_in_a_log_of_states_or_events():
    who = {"full_name": "Lò Văn Bí Mật", "ethnicity": "Khơ Mú", "religion": "Tin Lành"}
    decided = members.decide_admission(admit(who), cell=CELL, new_id=uuid4())
    for text in (repr(decided), repr(decided.state), decided.event.model_dump_json()):
        assert not any(word in text for word in who.values())
    assert "1990" not in repr(decided.state)


@given(st.text())
def test_text_that_looks_the_same_is_cleaned_to_the_same(text):
    cleaned = domain.clean(text)
    assert domain.clean(unicodedata.normalize("NFD", text)) == cleaned
    assert domain.clean(f" {cleaned}\t") == cleaned


DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2003, 12, 31))


@given(
    admitted_on=DAYS,
    confirmed_after=st.none() | st.integers(0, 800),
    left_after=st.none() | st.integers(0, 800),
    day=DAYS,
)
def test_the_sum_of_events_up_to_a_day_is_what_the_counting_rule_says(
    admitted_on, confirmed_after, left_after, day
):
    decided = [members.decide_admission(admit(admitted_on=admitted_on), cell=CELL, new_id=uuid4())]
    official_on = left_on = None
    if confirmed_after is not None:
        official_on = admitted_on + timedelta(days=confirmed_after)
        command = members.ConfirmMember(official_on=official_on)
        decided.append(members.decide_confirmation(decided[-1].state, command))
    if left_after is not None:
        left_on = (official_on or admitted_on) + timedelta(days=left_after)
        decided.append(members.decide_departure(decided[-1].state, members.RecordDeparture(left_on=left_on)))
    sums: Counter[MemberState] = Counter()
    for one in decided:
        if one.event.effective_date <= day:
            sums.update([one.event.after] if one.event.after else [])
            sums.subtract([one.event.before] if one.event.before else [])
    counted = {state.standing: count for state, count in sums.items() if count}
    expected = {}
    if admitted_on <= day and (left_on is None or day < left_on):
        expected = {Standing.OFFICIAL if official_on and official_on <= day else Standing.PROBATIONARY: 1}
    assert counted == expected
    assert [one.state.version for one in decided] == list(range(1, len(decided) + 1))
