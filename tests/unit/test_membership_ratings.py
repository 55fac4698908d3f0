"""Annual ratings and awards: the cap by rule version, corrections, proposed grades, the years of a flag."""

from collections import Counter
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.membership import OrganisationType
from contracts.ratings import (
    AwardKind,
    AwardLevel,
    Grade,
    MemberRatingCorrected,
    MembersRated,
    NotRatedReason,
    OrganisationRatingCorrected,
    OrganisationsRated,
    Rating,
    Score,
    TaskResults,
)
from services.membership.domain import DomainError
from services.membership.ratings.awards import (
    Award,
    GrantAward,
    decide_award,
    decide_withdrawal,
    flag_warnings,
    flag_years,
)
from services.membership.ratings.domain import (
    Candidate,
    CorrectRating,
    Item,
    Known,
    RateAll,
    RatingList,
    Stated,
    decide_correction,
    decide_list,
    list_warnings,
)
from services.membership.ratings.rules import parse_rules, rating_rules
from services.membership.ratings.versions import CapBase, Rated, grade_of

TODAY = date(2026, 11, 24)
CELL, LIST = UUID(int=1), UUID(int=2)
RULES = rating_rules()
E, G, C, N = Grade.EXCELLENT, Grade.GOOD, Grade.COMPLETED, Grade.NOT_COMPLETED
SUBORDINATE, GRASSROOTS = OrganisationType.SUBORDINATE_CELL, OrganisationType.GRASSROOTS_CELL


def people(count: int) -> dict[str, Candidate]:
    return {f"D{n}": Candidate(id=UUID(int=100 + n), code=f"D{n}", unit_id=CELL) for n in range(count)}


def known(candidates=None, rated=(), tallies=None) -> Known:
    return Known(
        rules=RULES,
        candidates=people(100) if candidates is None else candidates,
        rated=set(rated),
        tallies=tallies or {},
    )


def members(*grades: Grade | None, year: int = 2020, **rest) -> RateAll:
    """A list of members in this order; None for somebody exempt."""
    items = [
        Item(f"D{n}", Rating(grade=grade) if grade else Rating(not_rated=NotRatedReason.EXEMPT))
        for n, grade in enumerate(grades)
    ]
    return RateAll(of=Rated.MEMBERS, year=year, items=items, **rest)


def rate(command: RateAll, what: Known | None = None):
    return decide_list(command, organisation_id=CELL, known=what or known(), new_id=LIST, today=TODAY)


def refused(call) -> list[str]:
    with pytest.raises(DomainError) as raised:
        call()
    return [fault.code for fault in raised.value.faults]


# The data


def test_the_rules_name_their_documents_with_number_and_date():
    assert [(one.first_year, one.title) for one in RULES.versions] == [
        (2019, "Hướng dẫn 21-HD/BTCTW (18/10/2019)"),
        (2023, "Quy định 124-QĐ/TW (4/10/2023)"),
        (2025, "Quy định 366-QĐ/TW (30/8/2025)"),
    ]
    assert {one.members.percent for one in RULES.versions} == {20}
    # What no text at hand states is a convention and says so.
    assert [(one.members.base, one.members.provisional) for one in RULES.versions] == [
        (CapBase.GOOD, False),
        (CapBase.GOOD_OR_BETTER, True),
        (CapBase.GOOD_OR_BETTER, True),
    ]


@pytest.mark.parametrize(
    ("year", "number"),
    [(2018, None), (2019, "21-HD/BTCTW"), (2022, "21-HD/BTCTW"), (2023, "124-QĐ/TW"), (2024, "124-QĐ/TW"),
     (2025, "366-QĐ/TW"), (2030, "366-QĐ/TW")],
)  # fmt: skip
def test_a_year_is_rated_by_the_version_of_that_year(year, number):
    rule = RULES.of_year(year)
    assert (rule and rule.document.number) == number


def test_versions_out_of_order_are_refused():
    text = """
        newly_formed = { months = 6, source = "" }
        five_year_flag = { years = 5, source = "" }
        set_aside = { source = "" }
    """
    version = """
        [[version]]
        kind = "Quy định"
        number = "1"
        date = 2020-01-01
        first_year = 2020
        members = { percent = 20, base = "good", provisional = false }
        units = { percent = 20, base = "good", provisional = false }
    """
    assert len(parse_rules(text + version).versions) == 1
    with pytest.raises(ValueError, match="order"):
        parse_rules(text + version + version)


# A whole list


def test_a_list_is_one_event_that_states_everybody():
    decided = rate(members(G, None, N, decision_date=date(2020, 12, 20)))
    assert isinstance(decided.event, MembersRated)
    assert (decided.event.effective_date, decided.event.decision_date) == (
        date(2020, 12, 31),
        date(2020, 12, 20),
    )
    assert [(one.member_id.int, one.after.grade, one.after.not_rated) for one in decided.event.ratings] == [
        (100, G, None), (101, None, NotRatedReason.EXEMPT), (102, N, None),
    ]  # fmt: skip
    assert decided.event.rule == RULES.versions[0].document
    assert decided.state == RatingList(id=LIST, organisation_id=CELL, of=Rated.MEMBERS, year=2020, version=1)


@pytest.mark.parametrize(
    ("year", "excellent", "good", "fits"),
    [
        # 2019: of those rated good; 20 % of 9 is 1, never rounded up.
        (2020, 1, 5, True), (2020, 1, 4, False), (2020, 2, 9, False), (2020, 2, 10, True), (2020, 0, 0, True),
        # From 2023 on by convention of those rated good or better: one of five.
        (2024, 1, 4, True), (2024, 1, 3, False), (2025, 2, 8, True), (2025, 2, 7, False),
        # No rule is held for these years, so no cap is judged.
        (2018, 5, 0, True),
    ],
)  # fmt: skip
def test_the_cap_is_of_the_base_that_the_version_names(year, excellent, good, fits):
    command = members(*[E] * excellent, *[G] * good, C, C, None, year=year)
    if fits:
        assert rate(command).event.year == year
    else:
        assert refused(lambda: rate(command)) == ["members-over-cap"]


def test_a_list_over_the_cap_is_refused_with_the_numbers_and_the_source():
    with pytest.raises(DomainError) as raised:
        rate(members(E, E, G, G, G, G, G, G, G, G, G))
    (fault,) = raised.value.faults
    for part in ("Có 2 đảng viên", "nhiều nhất 1", "20% của 9 đảng viên", "không làm tròn lên",
                 "21-HD/BTCTW (18/10/2019)"):  # fmt: skip
        assert part in fault.message


def test_members_are_counted_over_the_grassroots_organisation():
    """Hướng dẫn 21: of those rated good in all of it; another cell's list leaves room, or takes it."""
    small = members(E, G, G, G)
    assert refused(lambda: rate(small)) == ["members-over-cap"]
    assert rate(small, known(tallies={None: Counter({G: 2})})).judged[0].tally == Counter({G: 5, E: 1})
    taken = known(tallies={None: Counter({G: 4, E: 1})})
    assert refused(lambda: rate(members(E, G, G, G, G), taken)) == ["members-over-cap"]


def units(*grades: tuple[OrganisationType, Grade | None], year=2020) -> tuple[RateAll, Known]:
    found = {
        f"K{n}": Candidate(
            id=UUID(int=200 + n), code=f"K{n}", unit_id=CELL, type=type_, established_on=date(2000, 1, 1)
        )
        for n, (type_, _) in enumerate(grades)
    }
    items = [
        Item(f"K{n}", Rating(grade=grade) if grade else Rating(not_rated=NotRatedReason.NEWLY_FORMED))
        for n, (_, grade) in enumerate(grades)
    ]
    return RateAll(of=Rated.ORGANISATIONS, year=year, items=items), known(found)


def test_units_are_counted_among_those_of_their_type():
    five = [(GRASSROOTS, E), *[(GRASSROOTS, G)] * 4]
    command, what = units(*five, (SUBORDINATE, C))
    decided = rate(command, what)
    assert isinstance(decided.event, OrganisationsRated)
    assert decided.event.ratings[0].type is GRASSROOTS
    # One more excellent one is too many, though other types would leave room for it.
    command, what = units((GRASSROOTS, E), *five, *[(SUBORDINATE, G)] * 10)
    with pytest.raises(DomainError) as raised:
        rate(command, what)
    (fault,) = raised.value.faults
    assert fault.code == "units-over-cap"
    assert "chi bộ cơ sở" in fault.message
    assert "(quy ước)" in fault.message


@pytest.mark.parametrize(
    ("command", "what", "codes"),
    [
        (members(G, year=2027), None, ["year-not-begun"]),
        (members(G, decision_date=date(2019, 12, 31)), None, ["decided-before-year"]),
        (members(G), known(candidates={}), ["member-not-rated-here"]),
        (units((GRASSROOTS, G))[0], known(candidates={}), ["unit-not-rated-here"]),
        (members(G), known(rated=[UUID(int=100)]), ["already-rated"]),
    ],
)
def test_what_cannot_be_is_refused(command, what, codes):
    assert refused(lambda: rate(command, what)) == codes


def test_a_code_stands_once_on_a_list():
    command = RateAll(
        of=Rated.MEMBERS, year=2020, items=[Item("D1", Rating(grade=G)), Item("D1", Rating(grade=C))]
    )
    assert refused(lambda: rate(command)) == ["rating-repeated"]


@pytest.mark.parametrize(
    ("rating", "code"),
    [
        (Rating(), "grade-or-reason"),
        (Rating(grade=G, not_rated=NotRatedReason.OTHER), "grade-or-reason"),
        (Rating(not_rated=NotRatedReason.NEWLY_FORMED), "reason-of-others"),
        (Rating(grade=G, score=Score(common_hundredths=0, results_hundredths=0)), "no-points-in-rule"),
    ],
)
def test_a_rating_is_a_grade_or_a_reason(rating, code):
    command = RateAll(of=Rated.MEMBERS, year=2020, items=[Item("D1", rating)])
    assert refused(lambda: rate(command)) == [code]


def test_points_are_within_their_parts_and_tasks_add_up():
    def of(score: Score) -> list[str]:
        return refused(
            lambda: rate(
                RateAll(of=Rated.MEMBERS, year=2025, items=[Item("D1", Rating(grade=G, score=score))])
            )
        )

    assert of(Score(common_hundredths=3001, results_hundredths=0)) == ["points-out-of-range"]
    assert of(Score(common_hundredths=0, results_hundredths=7001)) == ["points-out-of-range"]
    tasks = TaskResults(assigned=3, done=4, exceeded=0, late=0, disciplined=False)
    assert of(Score(common_hundredths=0, results_hundredths=0, tasks=tasks)) == ["tasks-do-not-add-up"]


# What is unusual


def test_who_is_missing_is_a_warning():
    what = known(candidates=people(8), rated=[UUID(int=107)])
    (warning,) = list_warnings(members(G), what)
    assert warning.code == "ratings-missing"
    assert "Còn 6 trường hợp" in warning.message
    assert "D1, D2, D3, D4, D5 (+1)" in warning.message


def test_a_year_without_a_rule_is_a_warning():
    assert [one.code for one in list_warnings(members(G, year=2017), known(people(1)))] == ["no-rating-rule"]


@pytest.mark.parametrize(
    ("founded", "grade", "codes"),
    [
        (date(2020, 7, 1), G, ["newly-formed-rated"]),
        (date(2020, 6, 30), G, []),
        (date(2020, 7, 1), None, []),
        (date(2020, 6, 30), None, ["not-newly-formed"]),
    ],
)
def test_newly_formed_is_under_six_months_at_the_end_of_the_year(founded, grade, codes):
    command, _ = units((GRASSROOTS, grade))
    unit = Candidate(id=UUID(int=200), code="K0", unit_id=CELL, type=GRASSROOTS, established_on=founded)
    assert [one.code for one in list_warnings(command, known({"K0": unit}))] == codes


@pytest.mark.parametrize(
    ("so", "rating", "codes"),
    [
        (NotRatedReason.EXEMPT, Rating(grade=G), ["set-aside-rated"]),
        (NotRatedReason.EXEMPT, Rating(not_rated=NotRatedReason.EXEMPT), []),
        (NotRatedReason.SUSPENDED, Rating(not_rated=NotRatedReason.EXEMPT), ["not-set-aside"]),
        (None, Rating(not_rated=NotRatedReason.SUSPENDED), ["not-set-aside"]),
        (None, Rating(not_rated=NotRatedReason.OTHER), []),
        (None, Rating(grade=G), []),
    ],
)
def test_who_is_exempt_or_suspended_is_not_rated(so, rating, codes):
    """Hướng dẫn 21: a warning, for what the register has may come late."""
    command = RateAll(of=Rated.MEMBERS, year=2020, items=[Item("D0", rating)])
    who = Candidate(id=UUID(int=100), code="D0", unit_id=CELL, set_aside=so)
    assert [one.code for one in list_warnings(command, known({"D0": who}))] == codes


# Corrections

MEMBER_LIST = RatingList(id=LIST, organisation_id=CELL, of=Rated.MEMBERS, year=2020, version=3)


def stated(number: int, grade: Grade, *, replaced_by=None, withdrawn=False) -> Stated:
    return Stated(
        number=number, candidate=people(1)["D0"], rating=Rating(grade=grade), replaced_by=replaced_by,
        withdrawn=withdrawn,
    )  # fmt: skip


def correct(corrects, grade, said, tally=None, **rest):
    what = known(tallies={None: Counter(tally or {})}, **rest)
    command = CorrectRating(code="D0", corrects=corrects, rating=Rating(grade=grade) if grade else None)
    return decide_correction(command, list_=MEMBER_LIST, known=what, stated=said, today=TODAY)


def test_a_correction_names_what_it_corrects_and_says_both_sides():
    decided = correct(1, C, [stated(1, G)], {G: 1})
    assert isinstance(decided.event, MemberRatingCorrected)
    event = decided.event
    assert (event.corrects, event.before, event.after) == (1, Rating(grade=G), Rating(grade=C))
    assert (decided.state.version, decided.judged[0].tally) == (4, Counter({C: 1, G: 0}))


def test_a_correction_of_a_unit_keeps_its_type():
    unit = Candidate(id=UUID(int=200), code="K0", unit_id=CELL, type=GRASSROOTS)
    decided = decide_correction(
        CorrectRating(code="K0", corrects=1, rating=Rating(grade=C)),
        list_=RatingList(id=LIST, organisation_id=CELL, of=Rated.ORGANISATIONS, year=2020, version=1),
        known=known({"K0": unit}, tallies={GRASSROOTS: Counter({G: 1})}),
        stated=[Stated(number=1, candidate=unit, rating=Rating(grade=G))],
        today=TODAY,
    )
    assert isinstance(decided.event, OrganisationRatingCorrected)
    assert decided.event.type is GRASSROOTS


def test_a_rating_may_be_withdrawn_and_stated_anew():
    assert correct(1, None, [stated(1, G)], {G: 1}).event.after is None
    gone = [stated(1, G, replaced_by=2, withdrawn=True)]
    late = correct(None, G, gone)
    assert (late.event.corrects, late.event.before, late.event.after) == (None, None, Rating(grade=G))


@pytest.mark.parametrize(
    ("corrects", "grade", "said", "codes"),
    [
        (2, C, [stated(1, G)], ["unknown-rating"]),
        (1, C, [stated(1, G, replaced_by=2), stated(2, N)], ["rating-replaced"]),
        (1, C, [stated(1, G, replaced_by=2, withdrawn=True)], ["rating-withdrawn"]),
        (1, G, [stated(1, G)], ["same-rating"]),
        (None, None, [], ["nothing-to-withdraw"]),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(corrects, grade, said, codes):
    assert refused(lambda: correct(corrects, grade, said)) == codes


def test_a_late_rating_is_of_somebody_counted_there_without_one():
    assert refused(lambda: correct(None, G, [], candidates={})) == ["member-not-rated-here"]
    assert refused(lambda: correct(None, G, [], rated=[UUID(int=100)])) == ["already-rated"]


def test_the_cap_is_judged_again_for_a_correction():
    assert refused(lambda: correct(1, E, [stated(1, G)], {G: 10, E: 2})) == ["members-over-cap"]
    # To lower somebody who was good may make those who are excellent too many: they are to be lowered first.
    assert refused(lambda: correct(1, C, [stated(1, G)], {G: 10, E: 2})) == ["members-over-cap"]
    assert correct(1, G, [stated(1, E)], {G: 10, E: 2})


tallies = st.fixed_dictionaries({grade: st.integers(0, 30) for grade in Grade})


@given(tallies, st.sampled_from(Grade), st.sampled_from(Grade), st.sampled_from([2020, 2024, 2025]))
def test_a_correction_is_refused_just_where_it_makes_an_excess_larger(tally, before, after, year):
    tally = {**tally, before: tally[before] + 1}
    if before is after:
        return
    cap = RULES.of_year(year).members
    now = Counter(tally)
    now[before] -= 1
    now[after] += 1
    allowed = cap.excess(now) <= max(0, cap.excess(Counter(tally)))
    list_ = RatingList(id=LIST, organisation_id=CELL, of=Rated.MEMBERS, year=year, version=1)

    def call():
        return decide_correction(
            CorrectRating(code="D0", corrects=1, rating=Rating(grade=after)), list_=list_,
            known=known(tallies={None: Counter(tally)}), stated=[stated(1, before)], today=TODAY,
        )  # fmt: skip

    if allowed:
        assert call().judged[0].tally == now
    else:
        assert refused(call) == ["members-over-cap"]


@given(tallies)
def test_what_is_allowed_is_the_most_that_is_no_excess(tally):
    """The number that a refusal names is the one that would pass, for a base without the excellent ones."""
    cap = RULES.of_year(2020).members
    found = Counter(tally)
    most = cap.allowed(found)
    assert cap.excess(found | Counter()) == 100 * found[E] - 20 * found[G]
    assert cap.excess(Counter({**found, E: most})) <= 0 < cap.excess(Counter({**found, E: most + 1}))


@given(st.lists(st.sampled_from([*Grade, None]), max_size=40), st.sampled_from([2019, 2023, 2025]))
def test_a_list_passes_just_where_the_excellent_are_within_the_cap(grades, year):
    """Counted here by hand: 20 % of those rated good (2019), or rated good or better (later, by convention)."""
    excellent, good = grades.count(E), grades.count(G)
    base = good if year == 2019 else good + excellent
    if excellent * 5 <= base:
        rate(members(*grades, year=year))
    else:
        assert refused(lambda: rate(members(*grades, year=year))) == ["members-over-cap"]


# Points

RULE_2025 = RULES.versions[-1]


def points(total: str, tasks: TaskResults | None = None) -> Score:
    hundredths = int(float(total) * 100)
    common = min(hundredths, 3000)
    return Score(common_hundredths=common, results_hundredths=hundredths - common, tasks=tasks)


def tasks(assigned=10, done=10, exceeded=3, late=0, disciplined=False) -> TaskResults:
    return TaskResults(assigned=assigned, done=done, exceeded=exceeded, late=late, disciplined=disciplined)


@pytest.mark.parametrize(
    ("total", "done", "grade"),
    [
        ("100", None, E), ("90", None, E), ("89.99", None, G), ("70", None, G), ("69.99", None, C), ("50", None, C),
        ("49.99", None, N), ("0", None, N),
        ("95", tasks(), E),
        ("95", tasks(exceeded=2), G),
        ("95", tasks(disciplined=True), G),
        ("95", tasks(late=1), C),
        ("75", tasks(late=2), C),
        ("75", tasks(late=3), N),
        ("95", tasks(done=9), N),
        ("55", tasks(assigned=0, done=0, exceeded=0), C),
    ],
)  # fmt: skip
def test_the_rule_of_2025_proposes_a_grade_from_points_and_tasks(total, done, grade):
    assert grade_of(points(total, done), RULE_2025) is grade


def test_earlier_rules_know_no_points():
    assert grade_of(points("95"), RULES.versions[0]) is None


@given(st.integers(0, 3000), st.integers(0, 7000), st.integers(0, 7000))
def test_more_points_never_propose_less(common, results, more):
    def place(hundredths: int) -> int:
        score = Score(common_hundredths=common, results_hundredths=hundredths)
        return list(Grade).index(grade_of(score, RULE_2025))

    assert place(max(results, more)) <= place(min(results, more))


def test_a_proposed_grade_binds_nobody():
    score = points("40")
    command = RateAll(of=Rated.MEMBERS, year=2025, items=[Item("D0", Rating(grade=G, score=score))])
    assert rate(command).event.ratings[0].after.grade is G


# Awards


def grant(kind=AwardKind.FIVE_YEAR_FLAG, *, last_year=None, awarded_on=date(2020, 2, 3), **rest):
    command = GrantAward(
        kind=kind, level=AwardLevel.PROVINCE, title="Cờ", awarded_on=awarded_on, last_year=last_year
    )
    return decide_award(command, new_id=LIST, today=TODAY, **({"organisation_id": CELL} | rest))


def test_a_flag_is_for_the_five_years_before_it():
    assert grant().state.last_year == 2019
    assert grant(last_year=2020).state.last_year == 2020
    assert list(flag_years(2019, 5)) == [2015, 2016, 2017, 2018, 2019]


def test_a_flag_is_granted_though_years_are_missing_and_says_which():
    state = grant().state
    assert flag_warnings(state, {2015, 2016, 2017, 2018, 2019}, RULES.flag_years) == []
    (warning,) = flag_warnings(state, {2015, 2016, 2018, 2020}, RULES.flag_years)
    assert "2017, 2019" in warning.message
    assert "21-HD/BTCTW" in warning.message
    assert flag_warnings(grant(AwardKind.MERIT).state, set(), RULES.flag_years) == []


def test_an_award_that_cannot_be_is_refused():
    assert refused(lambda: grant(awarded_on=date(2026, 11, 25))) == ["awarded-in-future"]
    assert refused(lambda: grant(established_on=date(2020, 2, 4))) == ["awarded-before-established"]
    assert refused(lambda: grant(member_id=UUID(int=9), organisation_id=None)) == ["flag-of-units"]
    assert refused(lambda: grant(AwardKind.MERIT, last_year=2019)) == ["last-year-of-flag"]
    assert refused(lambda: grant(last_year=2021)) == ["flag-before-years"]
    assert refused(lambda: grant(standing=[grant().state])) == ["already-awarded"]


def test_an_award_is_withdrawn_once():
    granted: Award = grant().state
    gone = decide_withdrawal(granted, decision_date=None).state
    assert (gone.withdrawn, gone.version) == (True, 2)
    assert refused(lambda: decide_withdrawal(gone, decision_date=None)) == ["award-withdrawn"]
