"""`python -m services.membership [all|api|relay|consumer|jobs|migrate]`."""

from chassis.service import main
from services.membership.app import SERVICE

main(SERVICE)
