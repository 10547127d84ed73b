"""Small office: an independent dental office for the tests of `opendental-mock verify`. It imports nothing of the mock."""

from support.small_office.choices import CHOICES, OFFICE_DEFAULTS, OTHER_CHOICES
from support.small_office.clocks import START, frozen, ticking
from support.small_office.data import BUSY_CLAIM, EMPTY_CLAIM, QUIET_CLAIM, RARE_CLAIM, SECRET_NOTES
from support.small_office.deviations import DEVIATIONS
from support.small_office.faults import Fault
from support.small_office.office import Seen, SmallOffice

__all__ = [
    "BUSY_CLAIM",
    "CHOICES",
    "DEVIATIONS",
    "EMPTY_CLAIM",
    "OFFICE_DEFAULTS",
    "OTHER_CHOICES",
    "QUIET_CLAIM",
    "RARE_CLAIM",
    "SECRET_NOTES",
    "START",
    "Fault",
    "Seen",
    "SmallOffice",
    "frozen",
    "ticking",
]
