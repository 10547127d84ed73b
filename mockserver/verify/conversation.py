"""Conversation: requests at the office's pace, with a second attempt if the first one cannot have changed anything."""

import time
from collections.abc import Callable

from mockserver.contract.cases import CaseRequest
from mockserver.verify.client import Answer, LostError, OfficeClient

REMOTE_PACE = 1.0
"""Seconds between two requests with a customer key (vendor: API Implementation, throttling)."""

_MAX_ATTEMPTS = 4
_MAX_WAIT = 120
_DEFAULT_WAIT = 5
# Statuses about the way to the office, not about the request.
_UNAVAILABLE = (502, 503, 504)


class NoAnswerError(Exception):
    """A request that the office did not answer itself. `is_uncertain`: it may have had an effect."""

    def __init__(self, reason: str, *, is_uncertain: bool = False) -> None:
        super().__init__(reason)
        self.is_uncertain = is_uncertain


class KeysRefusedError(Exception):
    """A response 401 to a request with the keys of the run, after which nothing more may be sent."""


class Conversation:
    """The requests of one run, one at a time, with `pace` seconds between them."""

    def __init__(
        self,
        client: OfficeClient,
        *,
        pace: float,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._pace = pace
        self._sleep = sleep or time.sleep
        self._clock = clock
        self._free_at = 0.0
        self.count = 0
        self.is_mock = False

    def ask(self, path: str) -> Answer:
        """Send a GET of a path below the root. Raises NoAnswerError, KeysRefusedError."""
        return self.send(CaseRequest("GET", path), is_harmless=True)

    def send(self, request: CaseRequest, *, is_harmless: bool, allows_401: bool = False) -> Answer:
        """Send a request, and return the office's own answer.

        A harmless request is sent again if there is no answer; any request is sent again after 429, which says that it
        was not carried out. Raises NoAnswerError, and KeysRefusedError for a 401 that is not allowed.
        """
        attempt = 0
        while True:
            attempt += 1
            is_last = attempt == _MAX_ATTEMPTS
            try:
                answer = self._once(request)
            except LostError as error:
                if is_harmless and attempt == 1:
                    continue
                raise NoAnswerError(str(error), is_uncertain=error.is_sent and not is_harmless) from None
            if answer.status == 429 and not is_last:
                self.wait(_retry_after(answer))
            elif answer.status == 429:
                raise NoAnswerError("the office asks to wait (429)")
            elif 300 <= answer.status < 400:
                raise NoAnswerError("a redirect came, which is not followed")
            elif answer.status in _UNAVAILABLE or answer.is_page:
                if is_harmless and attempt == 1:
                    continue
                what = "a page for browsers" if answer.is_page else f"status {answer.status}"
                raise NoAnswerError(f"{what} came, and not an answer of the API", is_uncertain=not is_harmless)
            elif answer.status == 401 and not allows_401:
                raise KeysRefusedError("the office refused the keys (401), so that the run ended")
            else:
                return answer

    def wait(self, seconds: float) -> None:
        """Wait so long before the next request."""
        self._free_at = max(self._free_at, self._clock() + seconds)

    def _once(self, request: CaseRequest) -> Answer:
        left = self._free_at - self._clock()
        if left > 0:
            self._sleep(left)
        self.count += 1
        try:
            answer = self._client.send(request)
        finally:
            self._free_at = self._clock() + self._pace
        self.is_mock = self.is_mock or any(name.startswith("x-mock-") for name in answer.headers)
        return answer


def _retry_after(answer: Answer) -> int:
    text = answer.headers.get("retry-after", "")
    return min(int(text), _MAX_WAIT) if text.isascii() and text.isdigit() else _DEFAULT_WAIT
