"""Conversation: requests at the office's pace, with a second attempt if the first one cannot have changed anything."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mockserver.contract.cases import BASE_PATH, CaseRequest
from mockserver.http_client import Answer, LostError
from mockserver.verify.client import OfficeClient

REMOTE_PACE = 1.0
"""Seconds between two requests with a customer key (vendor: API Implementation, throttling)."""

NO_BUDGET = "the creates that --may-create allows are used up"
KEYS_REFUSED = "the office refused the keys (401), so that the run ended"
READ_ONLY = "the keys may not write there (401), which is what the vendor documents for a key without the permission"

_MAX_ATTEMPTS = 4
_MAX_WAIT = 900
_DEFAULT_WAIT = 5
_MAX_DIGITS = 9
# Statuses about the way to the office, not about the request.
_UNAVAILABLE = (502, 503, 504)
_PROBE = f"{BASE_PATH}/claimtrackings?Limit=1"


class NoAnswerError(Exception):
    """A request that the office did not answer itself. `is_uncertain`: it may have had an effect."""

    def __init__(self, reason: str, *, is_uncertain: bool = False) -> None:
        super().__init__(reason)
        self.is_uncertain = is_uncertain


class NotPermittedError(NoAnswerError):
    """A write for which the keys have no permission."""


class EndedError(Exception):
    """A response after which nothing more may be sent: the keys are refused, or the office asks to stay away."""


class Conversation:
    """The requests of one run, one at a time, with `pace` seconds between them.

    At most `may_create` creates are sent, whatever comes back. `creates` counts them, and `count` all requests.
    """

    def __init__(
        self,
        client: OfficeClient,
        *,
        pace: float,
        may_create: int = 0,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._pace = pace
        self._may_create = may_create
        self._sleep = sleep or time.sleep
        self._clock = clock
        self._free_at = 0.0
        self._not_permitted: set[tuple[str, str]] = set()
        self.count = 0
        self.creates = 0
        self.is_mock = False

    def ask(self, path: str) -> Answer:
        """Send a GET of a path below the root. Raises NoAnswerError, EndedError."""
        return self.send(CaseRequest("GET", path), is_harmless=True)

    def send(self, request: CaseRequest, *, is_harmless: bool, allows_401: bool = False) -> Answer:
        """Send a request, and return the office's own answer.

        A GET is sent again if there is no answer; any request is sent again after 429, which says that it was not
        carried out. A POST that is not harmless counts as a create each time. Raises NoAnswerError, also for a create
        beyond those that are allowed; NotPermittedError for a 401 to a write, if the keys may read; and EndedError.
        """
        attempt = 0
        while True:
            attempt += 1
            may_repeat = request.method == "GET" and attempt == 1
            try:
                answer = self._once(request, is_create=request.method == "POST" and not is_harmless)
            except LostError as error:
                if may_repeat:
                    continue
                raise NoAnswerError(str(error), is_uncertain=error.is_sent and not is_harmless) from None
            if answer.status == 429 and attempt < _MAX_ATTEMPTS:
                self.wait(_wait_of(answer))
            elif answer.status == 429:
                raise NoAnswerError("the office asks to wait (429)")
            elif 300 <= answer.status < 400:
                raise NoAnswerError("the response is a redirect, which is not followed", is_uncertain=not is_harmless)
            elif answer.status in _UNAVAILABLE or (answer.is_page and not 400 <= answer.status < 500):
                if may_repeat:
                    continue
                what = "a page for browsers" if answer.is_page else f"status {answer.status}"
                raise NoAnswerError(f"{what} came instead of an answer of the API", is_uncertain=not is_harmless)
            elif answer.status == 401 and not allows_401:
                self._refuse(request)
            else:
                return answer

    def wait(self, seconds: float) -> None:
        """Wait so long before the next request."""
        self._free_at = max(self._free_at, self._clock() + seconds)

    def _once(self, request: CaseRequest, *, is_create: bool) -> Answer:
        if target(request) in self._not_permitted:
            raise NotPermittedError(READ_ONLY)
        if is_create and self.creates >= self._may_create:
            raise NoAnswerError(NO_BUDGET)
        left = self._free_at - self._clock()
        if left > 0:
            self._sleep(left)
        self.count += 1
        self.creates += is_create
        try:
            answer = self._client.send(request)
        finally:
            self._free_at = self._clock() + self._pace
        self.is_mock = self.is_mock or any(name.startswith("x-mock-") for name in answer.headers)
        return answer

    def _refuse(self, request: CaseRequest) -> None:
        """Raise the exception for a 401 that no case expects: the keys may only read, or they are refused."""
        if request.method != "GET":
            self.ask(_PROBE)
            self._not_permitted.add(target(request))
            raise NotPermittedError(READ_ONLY)
        raise EndedError(KEYS_REFUSED)


def target(request: CaseRequest) -> tuple[str, str]:
    """Return the method and the resource of a request."""
    return request.method, request.path.partition("?")[0].removeprefix(BASE_PATH).strip("/").partition("/")[0]


def _wait_of(answer: Answer) -> float:
    """Return the seconds that a 429 asks to wait: Retry-After, a number or a date (RFC 9110).

    Raises EndedError if they are too many.
    """
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds = float(text[:_MAX_DIGITS])  # of many digits the first are too many already
    else:
        try:
            seconds = max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0)
        except (ValueError, TypeError):  # no date, or one without its zone
            seconds = _DEFAULT_WAIT
    if seconds > _MAX_WAIT:
        raise EndedError(f"the office asks to wait for more than {_MAX_WAIT // 60} minutes (429 with Retry-After)")
    return seconds
