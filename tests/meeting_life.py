"""Which steps a meeting may take over its whole life, said once more and more simply than the service says it."""

from dataclasses import dataclass
from typing import Final

from contracts.meetings import MeetingStatus

STEPS: Final = (
    "agree", "announce", "move", "renew", "postpone", "cancel", "hold", "score", "write_down", "vote", "assign",
    "approve", "report_up", "correct",
)  # fmt: skip
OPEN: Final = {MeetingStatus.PLANNED, MeetingStatus.AGREED, MeetingStatus.ANNOUNCED}


@dataclass(slots=True)
class Model:
    """A meeting from plan to correction: `move` gives it another place, `renew` another agenda."""

    status: MeetingStatus = MeetingStatus.PLANNED
    agreed: bool = False
    written: bool = False
    approved: bool = False
    reported: bool = False

    def may(self, step: str) -> bool:
        """Return whether a step is in order now; else it is a conflict."""
        held = self.status is MeetingStatus.HELD
        return {
            "agree": self.status is MeetingStatus.PLANNED,
            "announce": self.status is MeetingStatus.AGREED,
            "move": self.status in {*OPEN, MeetingStatus.POSTPONED},
            "renew": self.status in {*OPEN, MeetingStatus.POSTPONED},
            "postpone": self.status in OPEN,
            "cancel": self.status in {*OPEN, MeetingStatus.POSTPONED},
            "hold": self.status is MeetingStatus.ANNOUNCED,
            "score": held,
            "write_down": held and not self.approved,
            "vote": held and not self.approved,
            "assign": held and not self.approved,
            "approve": held and self.written and not self.approved,
            "report_up": self.approved and not self.reported,
            "correct": self.approved,
        }[step]

    def take(self, step: str) -> None:
        """Take a step that is in order."""
        match step:
            case "agree":
                self.status, self.agreed = MeetingStatus.AGREED, True
            case "announce":
                self.status = MeetingStatus.ANNOUNCED
            case "move" | "renew":
                self.agreed = self.agreed and step == "move"
                self.status = MeetingStatus.AGREED if self.agreed else MeetingStatus.PLANNED
            case "postpone":
                self.status = MeetingStatus.POSTPONED
            case "cancel":
                self.status = MeetingStatus.CANCELLED
            case "hold":
                self.status = MeetingStatus.HELD
            case "write_down":
                self.written = True
            case "approve":
                self.approved = True
            case "report_up":
                self.reported = True
