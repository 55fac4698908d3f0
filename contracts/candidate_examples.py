"""One made-up event of each type of `contracts.candidates` and `contracts.numbers`, for `contracts.examples`."""

from datetime import date
from typing import Final
from uuid import UUID

from contracts.candidates import (
    Candidate,
    CandidateAdmitted,
    CandidateCertified,
    CandidateIntroduced,
    CandidateListed,
    CandidateMoved,
    CandidateRestated,
    CandidateStage,
    CandidateStruck,
    Introducer,
    StrikeReason,
)
from contracts.event import Event
from contracts.numbers import MemberNumbersRecorded, NumberedPaper

_CANDIDATE: Final = UUID("01937b2e-5f00-7a10-8c00-0000000000f1")
_LISTED: Final = Candidate(
    cell_id=UUID("01937b2e-5f00-7a10-8c00-0000000000c1"),
    stage=CandidateStage.LISTED,
    listed_on=date(2023, 1, 5),
)
_MOVED: Final = _LISTED.model_copy(update={"cell_id": UUID("01937b2e-5f00-7a10-8c00-0000000000c2")})
_CERTIFIED: Final = _MOVED.model_copy(update={"certified_on": date(2023, 4, 21)})
_INTRODUCED: Final = _CERTIFIED.model_copy(
    update={
        "introducers": (
            Introducer(
                member_id=UUID("01937b2e-5f00-7a10-8c00-0000000000d1"),
                since=date(2021, 9, 1),
            ),
        )
    }
)
_ADMITTED: Final = _INTRODUCED.model_copy(
    update={
        "stage": CandidateStage.ADMITTED,
        "voted_on": date(2024, 1, 4),
        "ended_on": date(2024, 2, 3),
        "member_id": UUID("01937b2e-5f00-7a10-8c00-0000000000d7"),
    }
)
_STRUCK: Final = _INTRODUCED.model_copy(
    update={
        "stage": CandidateStage.STRUCK,
        "ended_on": date(2023, 12, 1),
        "struck_for": StrikeReason.WITHDRAWN,
    }
)

CANDIDATE_EXAMPLES: Final[tuple[Event, ...]] = (
    CandidateListed(effective_date=date(2023, 1, 5), candidate_id=_CANDIDATE, after=_LISTED),
    CandidateMoved(effective_date=date(2023, 3, 1), candidate_id=_CANDIDATE, before=_LISTED, after=_MOVED),
    CandidateCertified(
        effective_date=date(2023, 4, 21), candidate_id=_CANDIDATE, before=_MOVED, after=_CERTIFIED
    ),
    CandidateIntroduced(
        effective_date=date(2023, 5, 4), candidate_id=_CANDIDATE, before=_CERTIFIED, after=_INTRODUCED
    ),
    CandidateAdmitted(
        effective_date=date(2024, 2, 3),
        decision_date=date(2024, 1, 22),
        candidate_id=_CANDIDATE,
        before=_INTRODUCED,
        after=_ADMITTED,
    ),
    CandidateStruck(
        effective_date=date(2023, 12, 1), candidate_id=_CANDIDATE, before=_INTRODUCED, after=_STRUCK
    ),
    CandidateRestated(
        effective_date=date(2023, 12, 1),
        candidate_id=_CANDIDATE,
        corrects=5,
        withdrawn=True,
        before=_STRUCK,
        after=_INTRODUCED,
    ),
    MemberNumbersRecorded(
        effective_date=date(2024, 5, 19),
        decision_date=date(2024, 5, 6),
        member_papers_id=UUID("01937b2e-5f00-7a10-8c00-0000000000f2"),
        member_id=UUID("01937b2e-5f00-7a10-8c00-0000000000d1"),
        before=(NumberedPaper.MEMBER_FILE,),
        after=(NumberedPaper.PARTY_CARD, NumberedPaper.MEMBER_FILE),
    ),
)
