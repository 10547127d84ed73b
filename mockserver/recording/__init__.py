"""Records of what was asked and answered: journal, contract coverage, reports, log."""
