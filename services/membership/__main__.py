"""`python -m services.membership [all|api|relay|consumer|migrate]`."""

from chassis.service import main
from services.membership.app import SERVICE

main(SERVICE)
