"""`python -m services.reporting [all|api|relay|consumer|migrate]`."""

from chassis.service import main
from services.reporting.app import SERVICE

main(SERVICE)
