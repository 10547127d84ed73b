"""What was asked and answered: the last exchanges on API paths."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request with its response. `operation` is empty where the request named none."""

    id: int
    method: str
    path: str
    operation: str = ""
    status: int = 0
    explanation: str = ""
    rules: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


class Journal:
    """The last `limit` exchanges, oldest first; `dropped` counts those that had to go."""

    def __init__(self, limit: int = 1000) -> None:
        self._exchanges: deque[Exchange] = deque(maxlen=limit)
        self._opened = 0
        self._closed = 0

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._exchanges)

    @property
    def dropped(self) -> int:
        """How many exchanges are no longer here."""
        return self._closed - len(self._exchanges)

    def open(self, method: str, path: str) -> Exchange:
        """A new exchange; it is kept once it is closed."""
        self._opened += 1
        return Exchange(id=self._opened, method=method, path=path)

    def close(self, exchange: Exchange) -> None:
        """Keep an exchange that has been answered."""
        self._closed += 1
        self._exchanges.append(exchange)
