"""Watch: what a test did with its server, the errors that it did not notice, and the journal for its report."""

import json
from collections.abc import Iterable, Mapping
from traceback import format_exception
from typing import TYPE_CHECKING

import pytest

from mockserver.pytest_plugin.options import REMEDY, allowed_by_markers, selection
from mockserver.syntax.text import printable

if TYPE_CHECKING:
    from mockserver.journal.exchange import Exchange
    from mockserver.tenants.hooks import Hooks
    from mockserver.testing.mock_server import MockServer


class Watch:
    """The server of a test, from the exchange after `since` on.

    `is_own` says that the office was reset for the test, so that faults and hooks are the test's too.
    """

    def __init__(self, server: "MockServer", item: pytest.Item, *, since: int = 0, is_own: bool = True) -> None:
        self._server = server
        self._item = item
        self._since = self._judged = since
        self._is_own = is_own

    def failures(self) -> list[str]:
        """Return the reasons to fail a test that passed.

        These are faults that were set and never hit, hooks that failed or never ran, and `broken_exchanges`.
        """
        failures = []
        if self._is_own:
            server = self._server
            failures = server.call(lambda: [*_unhit_faults(server), *_hook_failures(server.tenant.hooks)])
        return failures + self.broken_exchanges()

    def broken_exchanges(self) -> list[str]:
        """Return the exchanges since `judge` that fail a test.

        These are responses that break the contract, warnings that strict refused, and operations that are not served.
        """
        failures = []
        allowed = selection(self._item.config, allowed_by_markers(self._item))
        unserved = set()
        for exchange in self._exchanges(self._judged):
            name = exchange.unserved
            if exchange.status == 500 and not exchange.fault:
                failures.append(f"opendental-mock broke its own contract:\n{self._text(exchange)}")
            elif exchange.is_refused_warning:
                failures.append(f"a warning under strict: {printable(exchange.explanation)}\n{self._text(exchange)}")
            elif name and name not in unserved and not allowed.allows(name.split("/")[1]):
                unserved.add(name)
                failures.append(
                    f"opendental-mock does not serve {name}; {REMEDY}, or allow_unserved= of the marker"
                    f"\n{self._text(exchange)}"
                )
        return failures

    def judge(self) -> None:
        """Note that the exchanges up to now are in the outcome of a phase of the test."""
        self._judged = newest_id(self._server)

    def journal(self) -> str:
        """Return the exchanges of the test as text."""
        return "\n".join(map(self._text, self._exchanges(self._since))) or "no request came"

    def _exchanges(self, since: int) -> Iterable["Exchange"]:
        return [exchange for exchange in self._server.requests if exchange.id > since]

    def _text(self, exchange: "Exchange") -> str:
        from mockserver.journal.exchange_forms import as_text

        return as_text(exchange, self._server.mock.contract.rules)


def newest_id(server: "MockServer") -> int:
    """Return the id of the newest exchange of a server, or 0."""
    return max((exchange.id for exchange in server.requests), default=0)


def _unhit_faults(server: "MockServer") -> list[str]:
    return [
        f"a fault was set and never hit: {fault.label} on {fault.operation}{_match_text(fault.match)}"
        for fault in server.tenant.faults
        if fault.set_by_test and not fault.hits
    ]


def _match_text(match: Mapping[str, object]) -> str:
    return f" with match {json.dumps(match)}" if match else ""


def _hook_failures(hooks: "Hooks") -> list[str]:
    """Return the errors of hooks, and the hooks that never ran."""
    return [
        *(f"the hook {hook.label} failed:\n{''.join(format_exception(error))}" for hook, error in hooks.failures),
        *(f"a hook was set and never ran: {hook.label}, of which {hook.seen} came" for hook in hooks.waiting),
    ]
