"""Admin client: requests to the admin API, and the commands `opendental-mock health` and `env`."""

import argparse
import json
import urllib.error
import urllib.request
from typing import Any

from mockserver.cli.flags import Flags
from mockserver.cli.output import FINDINGS, FINE, Commands, print_error, print_output
from mockserver.office.client_key import DUMMY_KEY
from mockserver.office.rows import ApiKey
from mockserver.settings.commands import CLIENT, ENV
from mockserver.syntax.text import valid_json
from mockserver.web.urls import admin_url

_SECONDS = 5.0


def add_health(commands: Commands) -> None:
    """Add the command `health`."""
    health = commands.add_parser(
        "health",
        help="ask whether a server is ready",
        allow_abbrev=False,
        description="Exit with 0 if a server is ready and with 1 otherwise; for scripts and containers.",
        epilog="example: opendental-mock health --url http://127.0.0.1:30222",
    )
    Flags(health, CLIENT)
    health.set_defaults(run=_health)


def add_env(commands: Commands) -> None:
    """Add the command `env`."""
    env = commands.add_parser(
        "env",
        help="print the variables that a client needs",
        allow_abbrev=False,
        description="Print the server's base URL, the URL of its admin API, and keys that its office accepts, as lines"
        " for a shell or as JSON. If the server does not tell them, the keys are dummies.",
        epilog='example: eval "$(opendental-mock env)"',
    )
    Flags(env, ENV)
    env.set_defaults(run=_env)


def environment(url: str, key: ApiKey, *, admin: bool = True) -> dict[str, str]:
    """Return the environment variables for clients of the server at `url`, which use that pair of keys."""
    return {
        "OPENDENTAL_BASE_URL": url,
        "OPENDENTAL_ADMIN_URL": admin_url(url) if admin else "",
        "OPENDENTAL_DEVELOPER_KEY": key.DeveloperKey,
        "OPENDENTAL_CUSTOMER_KEY": key.CustomerKey,
    }


def ask_admin(url: str, what: str, token: str | None) -> Any:
    """Return the JSON of `GET /__admin/{what}` of the server at `url`. Raises OSError or ValueError."""
    return json.loads(valid_json(read_admin(url, what, token, kind="application/json")))


def read_admin(url: str, what: str, token: str | None, *, kind: str) -> str:
    """Return the text of that response, in a media type such as application/yaml. Raises OSError or ValueError."""
    headers = {"Accept": kind, **({"X-Mock-Admin-Token": token} if token else {})}
    request = urllib.request.Request(f"{admin_url(url)}/{what}", headers=headers)
    # No proxy: the server is on this machine, or has an explicit address.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=_SECONDS) as response:
        text: str = response.read().decode()
        return text


def reason_text(error: Exception) -> str:
    """Return the reason why a request failed, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"it answers {error.code}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error)


def _health(options: argparse.Namespace) -> int:
    try:
        health = ask_admin(options.url, "health", options.admin_token)
    except (OSError, ValueError) as error:
        print_error(f"no server is ready at {options.url}: {reason_text(error)}")
        return FINDINGS
    print_output(json.dumps(health))
    return FINE


def _env(options: argparse.Namespace) -> int:
    variables = environment(options.url, _key(options.url, options.admin_token))
    if options.format == "json":
        print_output(json.dumps(variables, indent=2))
    else:
        quoted = {name: value.replace("'", "'\\''") for name, value in variables.items()}
        print_output("\n".join(f"export {name}='{value}'" for name, value in quoted.items()))
    return FINE


def _key(url: str, token: str | None) -> ApiKey:
    """Return a pair of keys that the server accepts, or the dummy pair, with a note, if it does not tell one."""
    try:
        return ApiKey(**ask_admin(url, "keys", token))
    except (OSError, ValueError, TypeError) as error:
        note = f"the keys are dummies, since the server at {url} did not tell its own: {reason_text(error)}"
        print_error(note)
        return DUMMY_KEY
