"""TLS of a server: a certificate for the names of this machine and of the vendor's server, or one of the user's own."""

import os
import secrets
import ssl
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mockserver.settings.server import Settings


class NoTls(ValueError):
    """The server cannot speak TLS: a library or a valid certificate is missing."""


@dataclass(frozen=True, slots=True)
class Tls:
    """The TLS of a server. `ca` is the certificate of its CA in PEM, or None if its certificate is the user's own."""

    context: ssl.SSLContext
    ca: str | None

    @contextmanager
    def ca_file(self, file: str | None = None) -> Iterator[str | None]:
        """Write the certificate of the CA to `file`, or to one that is removed after the block, and yield its path."""
        if self.ca is None:
            yield None
        elif file is not None:
            Path(file).write_text(self.ca, encoding="ascii")
            yield file
        else:
            with tempfile.TemporaryDirectory(prefix="opendental-mock-", ignore_cleanup_errors=True) as folder:
                temporary = Path(folder) / "ca.pem"
                temporary.write_text(self.ca, encoding="ascii")
                yield str(temporary)


def tls_of(settings: Settings) -> Tls | None:
    """Return the TLS that the settings of a server ask for, or None for plain HTTP. Raises NoTls."""
    if not settings.tls:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    if settings.tls_cert is None:
        return Tls(context, _issue(context, settings.certified_names))
    _load_own(context, settings.tls_cert, settings.tls_key)
    return Tls(context, None)


def _issue(context: ssl.SSLContext, names: Iterable[str]) -> str:
    """Load a new certificate for `names`. Return the certificate of the CA that issued it, whose key is not kept."""
    try:
        import trustme  # takes 0.1 s to import
    except ImportError:
        raise NoTls(
            "--tls (tls=True) needs trustme, which makes the certificate: pip install trustme, or give a certificate of"
            " your own (--tls-cert, tls_cert=...)"
        ) from None
    authority = trustme.CA(organization_name="opendental-mock", organization_unit_name="CA of one start of a server")
    try:
        leaf = authority.issue_cert(*names)
    except ValueError as error:
        raise NoTls(f"there is no certificate for {', '.join(names)}: {error}") from None
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    load = load_from_memory if hasattr(os, "memfd_create") else load_from_file
    load(context, chain, leaf.private_key_pem.bytes())
    return authority.cert_pem.bytes().decode()


def load_from_memory(context: ssl.SSLContext, chain: bytes, key: bytes) -> None:
    """Load a certificate with its key. OpenSSL reads them from a file, which Linux can have in memory alone."""
    memory = os.memfd_create("opendental-mock-tls")  # type: ignore[attr-defined,unused-ignore]  # not on Windows
    with open(memory, "wb", buffering=0) as file:
        file.write(key + chain)
        context.load_cert_chain(f"/proc/self/fd/{file.fileno()}")


def load_from_file(context: ssl.SSLContext, chain: bytes, key: bytes) -> None:
    """Load a certificate with its key from a file that is removed at once.

    The key in it is encrypted with a password that only this process has, so that no disk ever holds it.
    """
    from cryptography.hazmat.primitives import serialization as pem

    password = secrets.token_hex(32)
    encryption = pem.BestAvailableEncryption(password.encode())
    encrypted = pem.load_pem_private_key(key, None).private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, encryption)
    with tempfile.TemporaryDirectory(prefix="opendental-mock-") as folder:
        file = Path(folder) / "encrypted.pem"
        file.write_bytes(encrypted + chain)
        context.load_cert_chain(file, password=password)


def _load_own(context: ssl.SSLContext, certificate: str, key: str | None) -> None:
    """Load a certificate of the user's own. Raises NoTls."""
    try:
        context.load_cert_chain(certificate, key, password=_refuse_password)
    except OSError as error:
        raise NoTls(_mistake_in(certificate, key, error)) from None


def _refuse_password() -> str:
    raise NoTls("tls_key: the key has a passphrase, which the server cannot ask for; give the key without one")


def _mistake_in(certificate: str, key: str | None, error: OSError) -> str:
    """Return why a certificate with its key could not be loaded, as OpenSSL does not say which file is wrong."""
    missing = _missing_in("tls_cert", certificate, "certificate", b"-----BEGIN CERTIFICATE-----")
    if missing is not None:
        return missing
    missing = _missing_in("tls_key", key or certificate, "private key", b"PRIVATE KEY-----")
    if missing is not None:
        return missing if key else f"{missing}; give the file that has it (--tls-key, tls_key=...)"
    why = getattr(error, "reason", None) or error.strerror
    if why == "KEY_VALUES_MISMATCH":
        return f"tls_key: {key or certificate} is not the key of the first certificate in {certificate}"
    return f"tls_cert: OpenSSL does not accept {certificate} with its key: {why}"


def _missing_in(setting: str, file: str, what: str, mark: bytes) -> str | None:
    """Return why there is no such thing in a PEM file, or None if there is one."""
    try:
        has_mark = mark in Path(file).read_bytes()
    except OSError as error:
        return f"{setting}: {file}: {error.strerror}"
    return None if has_mark else f"{setting}: {file} has no {what} in PEM form"
