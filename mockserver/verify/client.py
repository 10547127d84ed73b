"""Office client: one request at a time to an office, with its keys."""

from mockserver.assets import version
from mockserver.contract.cases import BASE_PATH, CaseRequest
from mockserver.hosts import is_loopback
from mockserver.http_client import Answer, HttpClient
from mockserver.office.rows import ApiKey
from mockserver.verify.address import check_address

# The vendor answers 504 after 60 s of processing (API Implementation).
SECONDS = 70.0
MAX_BYTES = 64_000_000


class OfficeClient:
    """A client of the office at `url`, which ends with /api/v1.

    The time of one exchange as a whole is limited to `seconds`, however the bytes arrive.
    """

    def __init__(self, url: str, key: ApiKey | None, *, seconds: float = SECONDS) -> None:
        self._url = check_address(url)
        self._prefix = self._url.path.rstrip("/").removesuffix(BASE_PATH)
        self._client = HttpClient(self._url, seconds=seconds, max_bytes=MAX_BYTES)
        self._headers: dict[str, str | None] = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": f"opendental-mock/{version()} verify",
            "Connection": "close",
        }
        if key is not None:
            self._headers["Authorization"] = f"ODFHIR {key.DeveloperKey}/{key.CustomerKey}"

    @property
    def is_local(self) -> bool:
        """Whether the office is on this machine."""
        return is_loopback(self._url.hostname or "")

    def send(self, request: CaseRequest) -> Answer:
        """Send a request once. Raises LostError."""
        headers = self._headers | dict(request.headers)
        return self._client.send(request.method, self._prefix + request.path, headers, request.body)
