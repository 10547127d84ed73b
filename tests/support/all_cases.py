"""Every case of the contract, of ClaimTrackings and of the look-ups."""

from support.cases import CLAIMTRACKINGS, WARNINGS
from support.lookup_cases import LOOKUP_WARNINGS, LOOKUPS

ALL_WARNINGS = [*WARNINGS, *LOOKUP_WARNINGS]
CASES = [*CLAIMTRACKINGS, *LOOKUPS, *ALL_WARNINGS]
