"""The API over HTTP: the only part that knows the HTTP library."""
