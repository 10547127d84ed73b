"""Input of the command `verify`: the rules to verify, and the office's address and keys."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.contract.contract import Contract, shipped_contract
from mockserver.messages import suggestion
from mockserver.observations.files import read_observations
from mockserver.observations.observation import ObservationError, observed

if TYPE_CHECKING:
    from mockserver.verify.client import OfficeClient


class WrongUseError(Exception):
    """A flag that cannot be followed."""


def wanted_rules(options: argparse.Namespace, contract: Contract) -> set[str]:
    """Return the ids of the rules to verify. Raises WrongUseError."""
    from mockserver.verify.plan import only

    rules = contract.rules
    if (options.claim is None) != (options.may_create is None):
        raise WrongUseError("--claim and --may-create go together: a claim, and how many rows it may get")
    for name in options.rule:
        if name not in rules:
            raise WrongUseError(f"--rule: there is no rule {name}{suggestion(name, rules)}")
        if rules[name].is_of_mock:
            raise WrongUseError(f"--rule: {name} is a rule of the mock, which no office has; leave it out")
    ids = [*options.rule, *(_last_failed(options.last_failed) if options.last_failed else ())]
    if options.last_failed and not ids:
        raise WrongUseError(f"--last-failed {options.last_failed}: no rule differs there; leave the flag out")
    return only(rules, standings=options.only, ids=ids)


def contract_of(options: argparse.Namespace) -> Contract:
    """Return the contract, as it was observed before. Raises WrongUseError."""
    try:
        return observed(shipped_contract(), read_observations(options.observed))
    except ObservationError as error:
        raise WrongUseError(f"--observed: {error}") from None


def _last_failed(file: str) -> list[str]:
    try:
        report: Any = json.loads(Path(file).read_text(encoding="utf-8"))
        return [rule["id"] for rule in report["rules"] if rule["outcome"] == "differs"]
    except OSError as error:
        raise WrongUseError(f"--last-failed {file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise WrongUseError(f"--last-failed {file}: it is not a file of verify --report") from None


def client_of(options: argparse.Namespace) -> "OfficeClient":
    """Return the client of the office. Raises WrongUseError."""
    from mockserver.verify.address import AddressError
    from mockserver.verify.client import OfficeClient
    from mockserver.verify.keys import KeysError, read_keys

    try:
        key = read_keys(options.keys_from)
    except KeysError as error:
        raise WrongUseError(f"--keys-from: {error}") from None
    try:
        return OfficeClient(options.url, key)
    except AddressError as error:
        raise WrongUseError(f"--url: {error}") from None
