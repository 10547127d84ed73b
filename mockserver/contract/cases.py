"""Contract cases: requests as templates, with the responses that the contract and the variants of its rules want."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from mockserver.contract.expectation import Expectation, Seen
from mockserver.contract.templates import replaced

TIERS = ("read", "probe", "write", "manual")
"""What a case can do to an office: nothing; nothing, whatever the response; write a row; it needs another office."""

BASE_PATH = "/api/v1"

BY_FAMILY = " by its family"
"""The end of the id of a case that a family made."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+(?:\.[A-Za-z]+)?)\}")
_NO_BODY = object()


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A request to send: the path with its query, percent-encoded, and headers over a client's own (None: left out)."""

    method: str
    path: str
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case of the contract.

    The first of `rules` is the one that the case decides; a mock covers all of them when it serves the case. `tier` is
    one of TIERS. `call` is the method and the path below the base path, or below the root if `base` is false. `json` or
    `body` is the request's body. `needs` are facts about the office, besides those that placeholders name. `wait` is in
    seconds of the office's clock, and the request is sent `times` times. `office` and `settings` are those of a mock
    that can serve the case; `state` says in words which state of an office it needs if the tier is manual. `otherwise`
    has the expectation of the other variants of the first rule. `warns` is the text of the warning of a mock, and
    `refused` its explanation under --strict, if it is not the same text. `names` are parts of the request that an
    explanation may repeat, by the placeholder that stands for them in the texts of refusals: {"name": "Colour"}.
    `then` are reads after the request, each with its response, which show what it has changed.
    `example` says whether documents show the case. `is_repeated` says that it is a further value of the case before.
    `since` is the version of the office from which the case counts, if an older one may answer otherwise.
    """

    id: str
    rules: tuple[str, ...]
    tier: str
    call: str
    expect: Expectation
    base: bool = True
    json: Any = _NO_BODY
    body: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    since: str = ""
    wait: int = 0
    times: int = 1
    office: str | Mapping[str, Any] = "default"
    settings: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""
    otherwise: Mapping[str, Expectation] = field(default_factory=dict)
    seen: Seen = Seen()  # noqa: RUF009  # it is frozen
    warns: str = ""
    refused: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    then: tuple[tuple[str, Expectation], ...] = ()
    example: bool = False
    is_repeated: bool = False

    @property
    def method(self) -> str:
        """Return the method of the request."""
        return self.call.partition(" ")[0]

    @property
    def template(self) -> str:
        """Return the request as a template: method, path and JSON, with names of facts in place of values."""
        body = self.body if isinstance(self.body, str) else "" if self.json is _NO_BODY else json.dumps(self.json)
        return f"{self.call} {body}".strip()

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """Return the expectations of all variants."""
        return (self.expect, *self.otherwise.values())

    @property
    def is_harmless(self) -> bool:
        """Whether the request cannot write, whatever the response."""
        return self.tier in ("read", "probe")

    @property
    def is_plain_read(self) -> bool:
        """Whether the request is a GET as any client sends it, so that cases with the same one can share an answer."""
        is_usual = not (self.headers or self.is_about_keys) and (self.wait, self.times) == (0, 1)
        return self.tier == "read" and is_usual

    @property
    def has_object(self) -> bool:
        """Whether the body is a JSON object."""
        return isinstance(self.json, Mapping)

    @property
    def is_about_keys(self) -> bool:
        """Whether the request has other keys than those of a client, or is expected to be refused for them."""
        return 401 in {one.status for one in self.expectations} or "Authorization" in self.headers

    @cached_property
    def facts(self) -> frozenset[str]:
        """The names of the facts that the case needs."""
        parts = (self.call, self.json, self.body, self.headers, [one.values() for one in self.expectations])
        return frozenset(self.needs).union(*map(placeholders, parts))

    def request(self, facts: Mapping[str, Any]) -> CaseRequest:
        """Return the request for an office with these facts. Raises KeyError for a fact that is not known."""
        path = _PLACEHOLDER.sub(lambda found: quote(str(facts[found[1]]), safe=""), self.call.partition(" ")[2])
        headers = {name: None if value is None else filled(value, facts) for name, value in self.headers.items()}
        body = None if self.body is None else b"".join(_parts(filled(self.body, facts)))
        if self.json is not _NO_BODY:
            body = json.dumps(filled(self.json, facts)).encode()
        return CaseRequest(self.method, f"{BASE_PATH if self.base else ''}{path}", headers, body)


def placeholders(value: object) -> set[str]:
    """Return the names of the placeholders in a template."""
    if isinstance(value, str):
        return set(_PLACEHOLDER.findall(value))
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    return set().union(*map(placeholders, value)) if isinstance(value, list | tuple) else set()


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """Return a template with values for its placeholders. Raises KeyError for one that has none."""
    return replaced(template, _PLACEHOLDER, lambda found: values[found[1]])


def _parts(body: Any) -> Iterable[bytes]:
    """Yield the bytes of a body: a text, or a repeated text, or bytes in hexadecimal, or a list of them."""
    if isinstance(body, str):
        yield body.encode()
    elif "parts" in body:
        for part in body["parts"]:
            yield from _parts(part)
    elif "hex" in body:
        yield bytes.fromhex(body["hex"])
    else:
        yield body["repeat"].encode() * body["times"]
