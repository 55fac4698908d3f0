"""`python -m services.inspection [all|api|relay|consumer|jobs|migrate]`."""

from chassis.service import main
from services.inspection.app import SERVICE

main(SERVICE)
