"""Page for browsers, at `GET /`."""
