"""Hosts: names and addresses of this machine, and of others."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that `host` is, or None if it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Return whether `host` is a loopback address, or the name of one."""
    address = address_of(host)
    return host == "localhost" if address is None else address.is_loopback


def is_open_to_others(host: str) -> bool:
    """Return whether a server that listens on `host` may be reached by other machines."""
    try:
        found = socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False  # no such host, so that the server cannot listen on it
    return not all(is_loopback(str(address[0]).partition("%")[0]) for *_, address in found)
