"""Admin client: what the commands ask the admin API of a server that is running."""

import argparse
import re
from typing import Any

from mockserver.cli.flags import Flags
from mockserver.http_client import Answer
from mockserver.office.rows import ApiKey
from mockserver.testing.admin_http import (
    MAX_BYTES,
    NO_MOCK,
    SECONDS,
    AdminError,
    AdminHttp,
    check_health,
    check_status,
    json_of,
)

_SECONDS = SECONDS
_EXPORT_SECONDS = 120.0
_MAX_BYTES = MAX_BYTES
_KEY = re.compile("[!-~]+")
_CONTROL = re.compile("[\0-\t\v-\x1f\x7f-\x9f]")


class ClientFlags(Flags):
    """The flags of a command that asks a server, in which --tls is settled with the base URL."""

    def settle(self, options: argparse.Namespace) -> None:
        """Settle all flags."""
        super().settle(options)
        if options.tls:
            options.url = re.sub("^http:", "https:", options.url)


def ask_health(options: argparse.Namespace) -> dict[str, Any]:
    """Return the JSON of `GET /__admin/health`. Raises AdminError."""
    health: dict[str, Any] = json_of(_get(options, "health"))
    check_health(health)
    return health


def ask_keys(options: argparse.Namespace) -> ApiKey:
    """Return the keys of `GET /__admin/keys`. Raises AdminError."""
    keys = json_of(_get(options, "keys"))
    names = {"DeveloperKey", "CustomerKey"}
    if not isinstance(keys, dict) or keys.keys() != names or not all(map(_is_key, keys.values())):
        raise AdminError(NO_MOCK)
    return ApiKey(**keys)


def ask_contract(options: argparse.Namespace) -> dict[str, Any]:
    """Return the JSON of `GET /__admin/contract`. Raises AdminError."""
    from mockserver.reports.coverage import is_coverage  # slow to import

    coverage = json_of(_get(options, "contract"))
    if not is_coverage(coverage):
        raise AdminError(NO_MOCK)
    return dict(coverage)


def ask_office(options: argparse.Namespace) -> str:
    """Return the YAML of `GET /__admin/office`, for which a server may take minutes. Raises AdminError."""
    answer = _get(options, "office", kind="application/yaml", seconds=_EXPORT_SECONDS)
    text = answer.body.decode("utf-8", "replace")
    if answer.headers.get("content-type") != "application/yaml" or _CONTROL.search(text):
        raise AdminError(NO_MOCK)
    return text


def _get(
    options: argparse.Namespace, what: str, *, kind: str = "application/json", seconds: float | None = None
) -> Answer:
    """Return the response to `GET /__admin/{what}` with status 200."""
    admin = AdminHttp(options.url, token=options.admin_token, tls_ca=options.tls_ca)
    answer = admin.answer("GET", what, kind=kind, seconds=seconds or _SECONDS, max_bytes=_MAX_BYTES)
    check_status(answer)
    return answer


def _is_key(value: object) -> bool:
    return isinstance(value, str) and _KEY.fullmatch(value) is not None
