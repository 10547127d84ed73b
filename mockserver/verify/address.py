"""Address of an office: a URL to which keys may be sent."""

from urllib.parse import SplitResult, urlsplit

from mockserver.contract.cases import BASE_PATH
from mockserver.hosts import is_loopback


class AddressError(ValueError):
    """A URL at which no office is verified."""


def check_address(url: str) -> SplitResult:
    """Return the parts of a URL: https, or http to this machine. Raises AddressError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressError("it is not a URL; give one like https://api.opendental.com/api/v1")
    if parts.username is not None or parts.query or parts.fragment:
        raise AddressError("it has a user, a query or a fragment; give the keys by --keys-from")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise AddressError("http would send the keys unencrypted; give an https URL (http only to this machine)")
    if not parts.path.rstrip("/").endswith(BASE_PATH):
        raise AddressError(f"it does not end with {BASE_PATH}, which is the base path of the API")
    return parts
