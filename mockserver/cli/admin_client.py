"""Admin client: what the commands ask the admin API of a server that is running."""

import argparse
import re
import ssl
from typing import Any
from urllib.parse import urlsplit

from mockserver.cli.flags import Flags
from mockserver.http_client import NO_TLS, NOT_JSON, NOT_TRUSTED, Answer, HttpClient, LostError
from mockserver.office.rows import ApiKey
from mockserver.web.urls import admin_url

_SECONDS = 5.0
_EXPORT_SECONDS = 120.0
_MAX_BYTES = 512_000_000
_NO_MOCK = "what answers there is no opendental-mock, or one of another version"
_WHY = {
    401: "; --admin-token gives the token that the server requires",
    403: "; name the server by its address, or start it with --allowed-host",
    404: ": it is no opendental-mock, or it runs with --no-admin",
}
_REMEDIES = {
    NOT_TRUSTED: " or not trusted; --tls-ca names the file of its CA, which the server writes with the same flag",
    NO_TLS: "; if the server has no --tls, ask it over http",
}
_REDIRECT = ", a redirect, which is not followed; give the address of the server itself"
_KEY = re.compile("[!-~]+")
_CONTROL = re.compile("[\0-\t\v-\x1f\x7f-\x9f]")


class ClientFlags(Flags):
    """The flags of a command that asks a server, in which --tls is settled with the base URL."""

    def settle(self, options: argparse.Namespace) -> None:
        """Settle all flags."""
        super().settle(options)
        if options.tls:
            options.url = re.sub("^http:", "https:", options.url)


class AdminError(Exception):
    """The reason why a server does not tell what it was asked for, as a clause."""


def ask_health(options: argparse.Namespace) -> dict[str, Any]:
    """Return the JSON of `GET /__admin/health`. Raises AdminError."""
    health = _json(_get(options, "health"))
    if not isinstance(health, dict) or health.get("status") != "ok" or "claimtrackings" not in health:
        raise AdminError(_NO_MOCK)
    return health


def ask_keys(options: argparse.Namespace) -> ApiKey:
    """Return the keys of `GET /__admin/keys`. Raises AdminError."""
    keys = _json(_get(options, "keys"))
    names = {"DeveloperKey", "CustomerKey"}
    if not isinstance(keys, dict) or keys.keys() != names or not all(map(_is_key, keys.values())):
        raise AdminError(_NO_MOCK)
    return ApiKey(**keys)


def ask_contract(options: argparse.Namespace) -> dict[str, Any]:
    """Return the JSON of `GET /__admin/contract`. Raises AdminError."""
    from mockserver.reports.coverage import is_coverage  # slow to import

    coverage = _json(_get(options, "contract"))
    if not is_coverage(coverage):
        raise AdminError(_NO_MOCK)
    return dict(coverage)


def ask_office(options: argparse.Namespace) -> str:
    """Return the YAML of `GET /__admin/office`, for which a server may take minutes. Raises AdminError."""
    answer = _get(options, "office", kind="application/yaml", seconds=_EXPORT_SECONDS)
    text = answer.body.decode("utf-8", "replace")
    if answer.headers.get("content-type") != "application/yaml" or _CONTROL.search(text):
        raise AdminError(_NO_MOCK)
    return text


def _get(
    options: argparse.Namespace, what: str, *, kind: str = "application/json", seconds: float | None = None
) -> Answer:
    """Return the response to `GET /__admin/{what}` with status 200."""
    url = urlsplit(f"{admin_url(options.url)}/{what}")
    headers = {"Accept": kind, "Connection": "close", "X-Mock-Admin-Token": options.admin_token}
    context = _trusting(options.tls_ca)
    client = HttpClient(url, seconds=seconds or _SECONDS, max_bytes=_MAX_BYTES, context=context)
    try:
        answer = client.send("GET", url.path, headers)
    except LostError as error:
        raise AdminError(f"{error}{_REMEDIES.get(str(error), '')}") from None
    if answer.status != 200:
        why = _REDIRECT if 300 <= answer.status < 400 else _WHY.get(answer.status, "")
        raise AdminError(f"it answers {answer.status}{why}")
    return answer


def _trusting(ca: str | None) -> ssl.SSLContext | None:
    """Return a context that also trusts the CA in a file, or None without one. Raises AdminError."""
    if ca is None:
        return None
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(ca)
    except ssl.SSLError:
        raise AdminError(f"--tls-ca {ca} has no certificate in PEM form") from None
    except OSError as error:
        raise AdminError(f"--tls-ca {ca}: {error.strerror}") from None
    return context


def _json(answer: Answer) -> Any:
    if answer.value is NOT_JSON:
        raise AdminError(_NO_MOCK)
    return answer.value


def _is_key(value: object) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None
