"""Time of the offices of tests: that of the POST on the vendor's page."""

NOW = "2023-07-26 09:47:10"
