"""`python -m services.meetings [all|api|relay|consumer|jobs|migrate]`."""

from chassis.service import main
from services.meetings.app import SERVICE

main(SERVICE)
