"""Command `opendental-mock env`: print the variables that a client needs."""

import argparse
import json
import os
from collections.abc import Callable, Mapping
from functools import partial

from mockserver.cli.admin_client import ClientFlags, ask_keys
from mockserver.cli.output import FINE, Commands, print_error, print_output
from mockserver.office.client_key import DUMMY_KEY
from mockserver.office.rows import ApiKey
from mockserver.settings.commands import ENV
from mockserver.testing.admin_http import AdminError
from mockserver.web.urls import admin_url


def add(commands: Commands) -> None:
    """Add the command."""
    env = commands.add_parser(
        "env",
        help="print the variables that a client needs",
        description="Print the server's base URL, the URL of its admin API, and keys that its office accepts, as lines"
        " for a shell or as JSON; with --tls-ca also the variables by which clients trust that CA. If the server does"
        " not tell its keys, they are dummies.",
        epilog='example: eval "$(opendental-mock env)"',
    )
    ClientFlags(env, ENV)
    env.set_defaults(run=run)


def environment(url: str, key: ApiKey, *, admin: bool = True, ca: str | None = None) -> dict[str, str]:
    """Return the environment variables for clients of the server at `url`, which use that pair of keys.

    `ca` is the file with the certificate of its CA, which OpenSSL, Python's requests and Node take from variables.
    """
    trust = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS") if ca else ()
    return {
        "OPENDENTAL_BASE_URL": url,
        "OPENDENTAL_ADMIN_URL": admin_url(url) if admin else "",
        "OPENDENTAL_DEVELOPER_KEY": key.DeveloperKey,
        "OPENDENTAL_CUSTOMER_KEY": key.CustomerKey,
        **dict.fromkeys(trust, ca or ""),
    }


def run(options: argparse.Namespace) -> int:
    """Print the variables, with dummy keys and a note if the server does not tell its own. Return the exit code."""
    try:
        key = ask_keys(options)
    except AdminError as error:
        print_error(f"the keys are dummies, since the server at {options.url} did not tell its own: {error}")
        key = DUMMY_KEY
    ca = os.path.abspath(options.tls_ca) if options.tls_ca else None
    variables = environment(options.url, key, ca=ca)
    print_output(FORMS[options.format](variables))
    return FINE


def _lines(form: str, quote: str, quoted: str) -> Callable[[Mapping[str, str]], str]:
    """Return the function that writes variables as lines of a shell, in which `quoted` stands for a `quote`."""

    def write(variables: Mapping[str, str]) -> str:
        return "\n".join(form.format(name, value.replace(quote, quoted)) for name, value in variables.items())

    return write


FORMS: Mapping[str, Callable[[Mapping[str, str]], str]] = {
    "sh": _lines("export {}='{}'", "'", "'\\''"),
    "powershell": _lines("$env:{} = '{}'", "'", "''"),
    "cmd": _lines('set "{}={}"', "%", "%%"),
    "json": partial(json.dumps, indent=2),
}
