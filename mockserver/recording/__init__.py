"""Records of requests and responses: journal, contract coverage, reports, log."""
