"""`python -m services.meetings [all|api|relay|consumer|migrate]`."""

from chassis.service import main
from services.meetings.app import SERVICE

main(SERVICE)
