"""`python -m services.reporting [all|api|relay|consumer|jobs|migrate]`."""

from chassis.service import main
from services.reporting.app import SERVICE

main(SERVICE)
