"""Authorities: the certificates of the system, which a server does not need."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_FILE = "SSL_CERT_FILE"
"""The variable that names the file of the authorities for OpenSSL, in the place of the system's."""


@contextmanager
def without_authorities() -> Iterator[None]:
    """Let OpenSSL find no authorities within the block.

    aiohttp reads all of them, twice, when it is imported, for requests over https. A server sends none, and is ready in
    247 ms without them instead of 280.
    """
    before = os.environ.get(_FILE)
    os.environ[_FILE] = os.devnull
    try:
        yield
    finally:
        del os.environ[_FILE]
        if before is not None:
            os.environ[_FILE] = before
