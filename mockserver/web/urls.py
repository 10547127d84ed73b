"""URLs of a server, made without an HTTP library, which is slow to import."""

from urllib.parse import urlsplit

ADMIN_PATH = "/__admin"


def admin_url(url: str) -> str:
    """Return the URL of the admin API of the server with the base URL `url`, without a slash at the end."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{ADMIN_PATH}"
