"""Contract coverage and its reports: which rules were met."""
