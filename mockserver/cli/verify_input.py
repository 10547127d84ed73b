"""Input of the command `verify`: the rules to verify, and the office's address and keys."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.cli.output import CommandFailed
from mockserver.contract.contract import Contract
from mockserver.observations.errors import ObservationError
from mockserver.observations.files import read_observations
from mockserver.observations.observation import Observations
from mockserver.suggestions import suggestion

if TYPE_CHECKING:
    from mockserver.verify.client import OfficeClient


def wanted_rules(options: argparse.Namespace, contract: Contract) -> set[str]:
    """Return the ids of the rules to verify. Raises CommandFailed."""
    from mockserver.verify.plan import DEFAULT, asked_of, choices, only

    rules = contract.rules
    known = choices(rules) if options.resource else []
    for name in options.resource:
        if name not in known:
            names = f"{', '.join(known[:-1])} or {known[-1]}"
            raise CommandFailed(f"--resource: there is no resource {name}{suggestion(name, known)} Choose {names}.")
    if (options.claim is None) != (options.may_create is None):
        raise CommandFailed("--claim and --may-create go together: a claim, and how many rows it may get")
    for name in options.rule:
        if name not in rules:
            raise CommandFailed(f"--rule: there is no rule {name}{suggestion(name, rules)}")
        if rules[name].is_of_mock:
            raise CommandFailed(f"--rule: {name} is a rule of the mock, which no office has; leave it out")
        if options.resource and not only(rules, standings=(), ids=[name], resources=options.resource):
            raise CommandFailed(f"--rule: {name} is of {asked_of(rules[name])}, which --resource leaves out")
    ids = list(options.rule)
    files = (("--last-failed", options.last_failed, ("differs",), "no rule differs there"),
             ("--not-tried", options.not_tried, ("not tried", "masked"), "every rule was measured there"))  # fmt: skip
    for flag, file, outcomes, otherwise in files:
        of_file = _rules_of(flag, file, outcomes) if file else []
        if file and not of_file:
            raise CommandFailed(f"{flag} {file}: {otherwise}; leave the flag out")
        ids += of_file
    resources = options.resource or (() if ids else DEFAULT)
    return only(rules, standings=options.only, ids=ids, resources=resources)


def observations_of(flag: str, files: Sequence[str]) -> Observations:
    """Return what the files of a flag say. Raises CommandFailed."""
    try:
        return read_observations(files)
    except ObservationError as error:
        raise CommandFailed(f"{flag}: {error}") from None


def _rules_of(flag: str, file: str, outcomes: Sequence[str]) -> list[str]:
    try:
        report: Any = json.loads(Path(file).read_text(encoding="utf-8"))
        return [rule["id"] for rule in report["rules"] if rule["outcome"] in outcomes]
    except OSError as error:
        raise CommandFailed(f"{flag} {file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise CommandFailed(f"{flag} {file}: it is not a file of verify --report") from None


def client_of(options: argparse.Namespace) -> "OfficeClient":
    """Return the client of the office. Raises CommandFailed."""
    from mockserver.verify.address import AddressError
    from mockserver.verify.client import OfficeClient
    from mockserver.verify.keys import KeysError, read_keys

    try:
        key = read_keys(options.keys_from)
    except KeysError as error:
        raise CommandFailed(f"--keys-from: {error}") from None
    try:
        return OfficeClient(options.url, key)
    except AddressError as error:
        raise CommandFailed(f"--url: {error}") from None
