"""What can go wrong, in the API's terms; how it looks on the wire is for `web` to say."""


class Refusal(Exception):
    """A 4xx that the contract calls for.

    `explanation` is what the client reads, in the vendor's words where they are known; `rule` the id of the
    rule that the request breaks; `hint` what would have been right, for the log and the mock's own header;
    `retry_after` the whole seconds after which the same request may succeed.
    """

    status: int = 400

    def __init__(self, explanation: str, *, rule: str, hint: str = "", retry_after: int | None = None) -> None:
        super().__init__(explanation)
        self.explanation = explanation
        self.rule = rule
        self.hint = hint
        self.retry_after = retry_after


class BadRequest(Refusal):
    """400: the request is not what the operation takes."""

    status = 400


class Unauthorized(Refusal):
    """401: the credentials do not open the office, or not for this operation."""

    status = 401


class NotFound(Refusal):
    """404: the resource, or a row that the request names, does not exist."""

    status = 404


class TooManyRequests(Refusal):
    """429: the customer key has to wait."""

    status = 429


class ContractBroken(Exception):
    """The server was about to send, or to keep, what its own schema forbids."""


class ContractUnusable(Exception):
    """A shipped schema or rule is itself broken, so the server must not start."""
