"""Messages: a request that the office has received, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """A request as it was received. The names of `headers` are in small letters; `at` is in seconds."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    @cached_property
    def path(self) -> str:
        """Return the path, decoded."""
        return unquote(urlsplit(self.target).path)

    @cached_property
    def query(self) -> dict[str, str]:
        """Return the parameters by name. Several of one name are joined by a comma, as in .NET."""
        joined: dict[str, str] = {}
        for name, value in parse_qsl(urlsplit(self.target).query, keep_blank_values=True):
            joined[name] = f"{joined[name]},{value}" if name in joined else value
        return joined


@dataclass(frozen=True)
class Answer:
    """The status of a response and the value that its body holds as JSON."""

    status: int
    value: object
