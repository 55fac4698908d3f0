"""The rules of annual ratings: pure functions from what is known and a command to an event, or a refusal.

A list says, by one decision, how the members of a cell (or of all cells of a grassroots committee), or the units
directly under a committee, are rated for a year. Who is on it are those counted there on 31 December. The cap on
the highest grade is judged over the whole list, together with what is recorded already of the same grassroots
organisation, and again for each later correction. Nobody has two ratings for a year.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.membership import DocumentRef, OrganisationType
from contracts.ratings import (
    Grade,
    MemberRating,
    MemberRatingCorrected,
    MembersRated,
    NotRatedReason,
    OrganisationRating,
    OrganisationRatingCorrected,
    OrganisationsRated,
    Rating,
    RatingEvent,
)
from services.membership.domain import TYPE_LABELS, DomainError, full_months
from services.membership.faults import Fault, shown
from services.membership.ratings.versions import (
    BASE_LABELS,
    Cap,
    Rated,
    RatingRule,
    Rules,
    Tally,
)

_SHOWN: Final = 5
"""Codes that a message names at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Who or what is to be rated: counted there on the last day of the year."""

    id: UUID
    code: str
    unit_id: UUID
    """The cell of a member; the unit directly above a unit."""
    type: OrganisationType | None = None
    """Of a unit."""
    established_on: date | None = None
    """Of a unit."""
    set_aside: NotRatedReason | None = None
    """Of a member who was exempt or suspended on that day."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list."""

    code: str
    rating: Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAll:
    """Rate everybody on a list for a year."""

    of: Rated
    year: int
    items: Sequence[Item]
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectRating:
    """Put a rating right that event `corrects` of its list stated; None states one that was forgotten."""

    code: str
    corrects: int | None
    rating: Rating | None
    """None withdraws it."""
    decision_date: date | None = None
    document: DocumentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingList:
    """A list as recorded; `version` counts its events."""

    id: UUID
    organisation_id: UUID
    of: Rated
    year: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a list said of somebody, by the version of its event, and what became of it."""

    number: int
    candidate: Candidate
    """As they were counted then."""
    rating: Rating
    replaced_by: int | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a decision on ratings is held against; `tallies` are of what stands already.

    By None for all members of the grassroots organisation, and by their type for the units under the committee.
    """

    rules: Rules
    candidates: Mapping[str, Candidate]
    """By their codes."""
    rated: Collection[UUID]
    """Those who have a rating for the year, on whatever list."""
    tallies: Mapping[OrganisationType | None, Tally]


@dataclass(frozen=True, slots=True)
class Judged:
    """How the cap was judged over those of one type, or over members."""

    cap: Cap
    of_type: OrganisationType | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class DecidedList:
    """An event that now happened to a list, and the list after it."""

    state: RatingList
    event: RatingEvent
    judged: tuple[Judged, ...] = ()


def last_day(year: int) -> date:
    """Return the day on which those to be rated are counted, and from which a rating is true."""
    return date(year, 12, 31)


def decide_list(
    command: RateAll, *, organisation_id: UUID, known: Known, new_id: UUID, today: date
) -> DecidedList:
    """Return the ratings of a whole list.

    Raises DomainError with each rule that it breaks.
    """
    faults = _time_faults(command.year, command.decision_date, today)
    faults += _repeated(command.items)
    rule = known.rules.of_year(command.year)
    for item in command.items:
        faults += _item_faults(item.code, item.rating, command.of, known, rule)
        candidate = known.candidates.get(item.code)
        if candidate is not None and candidate.id in known.rated:
            values = {"value": shown("code", item.code), "year": command.year}
            faults.append(Fault("already-rated", "ratings", values))
    if faults:
        raise DomainError(faults)
    tallies = {type_: Counter(tally) for type_, tally in known.tallies.items()}
    for item in command.items:
        if item.rating.grade is not None:
            tallies.setdefault(known.candidates[item.code].type, Counter())[item.rating.grade] += 1
    judged = _judge(rule, command.of, tallies)
    if over := _over_cap(judged, {}, command.year, rule):
        raise DomainError(over)
    state = RatingList(
        id=new_id, organisation_id=organisation_id, of=command.of, year=command.year, version=1
    )
    return DecidedList(state, _list_event(command, state, known.candidates, rule), judged)


def decide_correction(
    command: CorrectRating, *, list_: RatingList, known: Known, stated: Sequence[Stated], today: date
) -> DecidedList:
    """Return the correction of one rating; `stated` is all that the list said of them, in order.

    A rating that is withdrawn or only late counts from then on, too: whatever changes, the cap is judged again, and
    what makes its excess larger is refused; what makes it smaller never is. Raises DomainError.
    """
    faults = _time_faults(list_.year, command.decision_date, today)
    standing = next((one for one in stated if one.replaced_by is None), None)
    if command.corrects is None:
        faults += _late_faults(command, list_, known)
    else:
        faults += _number_faults(command.corrects, stated)
    rule = known.rules.of_year(list_.year)
    if command.rating is not None:
        if standing is not None and command.rating == standing.rating:
            faults.append(Fault("same-rating", "rating", {"number": standing.number}))
        faults += _reason_faults(command.code, command.rating, list_.of)
        faults += _score_faults(command.code, command.rating, rule)
    if faults:
        raise DomainError(faults)
    candidate = standing.candidate if standing else known.candidates[command.code]
    tallies = {type_: Counter(tally) for type_, tally in known.tallies.items()}
    tally = tallies.setdefault(candidate.type, Counter())
    if standing is not None and standing.rating.grade is not None:
        tally[standing.rating.grade] -= 1
    if command.rating is not None and command.rating.grade is not None:
        tally[command.rating.grade] += 1
    judged = _judge(rule, list_.of, {candidate.type: tally})
    if over := _over_cap(judged, known.tallies, list_.year, rule):
        raise DomainError(over)
    state = RatingList(
        id=list_.id, organisation_id=list_.organisation_id, of=list_.of, year=list_.year,
        version=list_.version + 1,
    )  # fmt: skip
    before = standing.rating if standing else None
    return DecidedList(state, _correction_event(command, state, candidate, before), judged)


def list_warnings(command: RateAll, known: Known) -> list[Fault]:
    """Return what is unusual, yet possible, about a list: who is missing, who is new, a year without a rule."""
    warnings = []
    listed = {item.code for item in command.items}
    missing = sorted(
        code
        for code, candidate in known.candidates.items()
        if code not in listed and candidate.id not in known.rated
    )
    if missing:
        values = {"count": len(missing), "codes": _codes(missing), "year": command.year}
        warnings.append(Fault("ratings-missing", "ratings", values))
    if known.rules.of_year(command.year) is None:
        first = known.rules.versions[0]
        warnings.append(Fault("no-rating-rule", "year", {"year": command.year, "first": first.title}))
    for item in command.items:
        warnings += _age_warnings(item, command, known)
        warnings += _standing_warnings(item, known)
    return warnings


def _time_faults(year: int, decision_date: date | None, today: date) -> list[Fault]:
    if year > today.year:
        return [Fault("year-not-begun", "year", {"year": year})]
    if decision_date is not None and decision_date.year < year:
        values = {"year": year, "decision_date": decision_date}
        return [Fault("decided-before-year", "decision_date", values)]
    return []


def _repeated(items: Sequence[Item]) -> list[Fault]:
    times = Counter(item.code for item in items)
    repeated = [code for code, count in times.items() if count > 1]
    return [Fault("rating-repeated", "ratings", {"codes": _codes(repeated)})] if repeated else []


def _item_faults(code: str, rating: Rating, of: Rated, known: Known, rule: RatingRule | None) -> list[Fault]:
    faults = [*_reason_faults(code, rating, of), *_score_faults(code, rating, rule)]
    if code not in known.candidates:
        faults.append(_not_there(code, of))
    return faults


def _not_there(code: str, of: Rated) -> Fault:
    name = "member-not-rated-here" if of is Rated.MEMBERS else "unit-not-rated-here"
    return Fault(name, "ratings", {"value": shown("code", code)})


_REASONS: Final[Mapping[Rated, frozenset[NotRatedReason]]] = {
    Rated.MEMBERS: frozenset(
        {
            NotRatedReason.NEWLY_ADMITTED,
            NotRatedReason.EXEMPT,
            NotRatedReason.SUSPENDED,
            NotRatedReason.OTHER,
        }
    ),
    Rated.ORGANISATIONS: frozenset({NotRatedReason.NEWLY_FORMED, NotRatedReason.OTHER}),
}


def _reason_faults(code: str, rating: Rating, of: Rated) -> list[Fault]:
    value = shown("code", code)
    if (rating.grade is None) == (rating.not_rated is None):
        return [Fault("grade-or-reason", "ratings", {"value": value})]
    if rating.not_rated is not None and rating.not_rated not in _REASONS[of]:
        allowed = ", ".join(sorted(_REASONS[of]))
        return [Fault("reason-of-others", "ratings", {"value": value, "allowed": allowed})]
    return []


def _score_faults(code: str, rating: Rating, rule: RatingRule | None) -> list[Fault]:
    score = rating.score
    if score is None:
        return []
    value = shown("code", code)
    if rule is None or rule.points is None:
        return [Fault("no-points-in-rule", "ratings", {"value": value, "rule": rule.title if rule else "–"})]
    faults = []
    scale = rule.points
    if not (0 <= score.common_hundredths <= scale.common and 0 <= score.results_hundredths <= scale.results):
        most = {"common": scale.common // 100, "results": scale.results // 100}
        faults.append(Fault("points-out-of-range", "ratings", {"value": value, **most, "rule": rule.title}))
    tasks = score.tasks
    if tasks is not None and not (0 <= tasks.exceeded <= tasks.done <= tasks.assigned >= tasks.late >= 0):
        faults.append(Fault("tasks-do-not-add-up", "ratings", {"value": value}))
    return faults


def _late_faults(command: CorrectRating, list_: RatingList, known: Known) -> list[Fault]:
    if command.rating is None:
        return [Fault("nothing-to-withdraw", "corrects")]
    candidate = known.candidates.get(command.code)
    if candidate is None:
        return [_not_there(command.code, list_.of)]
    if candidate.id in known.rated:
        return [Fault("already-rated", "code", {"value": shown("code", command.code), "year": list_.year})]
    return []


def _number_faults(number: int, stated: Sequence[Stated]) -> list[Fault]:
    found = next((one for one in stated if one.number == number), None)
    if found is None:
        return [Fault("unknown-rating", "corrects", {"number": number})]
    if found.withdrawn:
        return [Fault("rating-withdrawn", "corrects", {"number": number})]
    if found.replaced_by is not None:
        return [Fault("rating-replaced", "corrects", {"number": number, "by": found.replaced_by})]
    return []


def _judge(
    rule: RatingRule | None, of: Rated, tallies: Mapping[OrganisationType | None, Tally]
) -> tuple[Judged, ...]:
    if rule is None:
        return ()
    return tuple(Judged(rule.cap(of), type_, tally) for type_, tally in sorted(tallies.items(), key=_first))


def _first(pair: tuple[OrganisationType | None, Tally]) -> str:
    return pair[0] or ""


def _over_cap(
    judged: Sequence[Judged],
    before: Mapping[OrganisationType | None, Tally],
    year: int,
    rule: RatingRule | None,
) -> list[Fault]:
    faults = []
    for one in judged:
        already = max(0, one.cap.excess(before.get(one.of_type, Counter())))
        if rule is not None and one.cap.excess(one.tally) > already:
            values = {
                "excellent": one.tally[Grade.EXCELLENT],
                "allowed": one.cap.allowed(one.tally),
                "percent": one.cap.percent,
                "base": one.cap.counted(one.tally),
                "counted": BASE_LABELS[one.cap.base] + (" (quy ước)" if one.cap.provisional else ""),
                "year": year,
                "source": rule.title,
            }
            if one.of_type is None:
                faults.append(Fault("members-over-cap", "ratings", values))
            else:
                named = {"type": TYPE_LABELS[one.of_type]}
                faults.append(Fault("units-over-cap", "ratings", values | named))
    return faults


def _age_warnings(item: Item, command: RateAll, known: Known) -> list[Fault]:
    founded = known.candidates[item.code].established_on
    if founded is None:
        return []
    months = known.rules.newly_formed
    is_new = full_months(founded, last_day(command.year)) < months.value
    values = {
        "value": shown("code", item.code), "established_on": founded, "months": months.value,
        "source": months.source,
    }  # fmt: skip
    if is_new and item.rating.grade is not None:
        return [Fault("newly-formed-rated", "ratings", values)]
    if not is_new and item.rating.not_rated is NotRatedReason.NEWLY_FORMED:
        return [Fault("not-newly-formed", "ratings", values)]
    return []


def _standing_warnings(item: Item, known: Known) -> list[Fault]:
    so, said = known.candidates[item.code].set_aside, item.rating.not_rated
    values = {"value": shown("code", item.code), "source": known.rules.set_aside}
    if so is not None and item.rating.grade is not None:
        return [Fault("set-aside-rated", "ratings", values)]
    if said in {NotRatedReason.EXEMPT, NotRatedReason.SUSPENDED} and said is not so:
        return [Fault("not-set-aside", "ratings", values)]
    return []


def _codes(codes: Sequence[str]) -> str:
    more = len(codes) - _SHOWN
    return ", ".join(codes[:_SHOWN]) + (f" (+{more})" if more > 0 else "")


def _list_event(
    command: RateAll, state: RatingList, candidates: Mapping[str, Candidate], rule: RatingRule | None
) -> MembersRated | OrganisationsRated:
    document = rule and rule.document
    if command.of is Rated.MEMBERS:
        return MembersRated(
            effective_date=last_day(command.year),
            decision_date=command.decision_date,
            member_rating_list_id=state.id,
            organisation_id=state.organisation_id,
            year=command.year,
            rule=document,
            ratings=tuple(
                MemberRating(member_id=who.id, cell_id=who.unit_id, after=item.rating)
                for item in command.items
                for who in [candidates[item.code]]
            ),
            document=command.document,
        )
    return OrganisationsRated(
        effective_date=last_day(command.year),
        decision_date=command.decision_date,
        rating_list_id=state.id,
        organisation_id=state.organisation_id,
        year=command.year,
        rule=document,
        ratings=tuple(
            OrganisationRating(organisation_id=unit.id, type=unit.type, after=item.rating)
            for item in command.items
            for unit in [candidates[item.code]]
            if unit.type is not None
        ),
        document=command.document,
    )


def _correction_event(
    command: CorrectRating, state: RatingList, candidate: Candidate, before: Rating | None
) -> MemberRatingCorrected | OrganisationRatingCorrected:
    if candidate.type is None:
        return MemberRatingCorrected(
            effective_date=last_day(state.year),
            decision_date=command.decision_date,
            member_rating_list_id=state.id,
            year=state.year,
            member_id=candidate.id,
            cell_id=candidate.unit_id,
            corrects=command.corrects,
            before=before,
            after=command.rating,
            document=command.document,
        )
    return OrganisationRatingCorrected(
        effective_date=last_day(state.year),
        decision_date=command.decision_date,
        rating_list_id=state.id,
        year=state.year,
        organisation_id=candidate.id,
        type=candidate.type,
        corrects=command.corrects,
        before=before,
        after=command.rating,
        document=command.document,
    )
