"""Answers to creates: what an office can answer after it has written the row, by name."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from support.spoiling_proxy import Forward, Reply, Request, Spoil, Spoiled

ANOTHER_CLAIM = 48355
HTML = Reply(201, b"<html>ok</html>", {"Content-Type": "text/html"})


def answered(change: Callable[[Reply], Spoiled]) -> Spoil:
    """Return a function that changes the answers to creates that were carried out."""

    def spoil(request: Request, forward: Forward) -> Spoiled:
        reply = forward()
        return change(reply) if request.is_create and reply.status == 201 else reply

    return spoil


def _row(change: Callable[[dict[str, Any]], Any]) -> Spoil:
    return answered(lambda reply: reply.with_value(change(reply.value)))


def _status(status: int, body: bytes | None = None, **headers: str) -> Spoil:
    def change(reply: Reply) -> Reply:
        return replace(
            reply, status=status, body=reply.body if body is None else body, headers={**reply.headers, **headers}
        )

    return answered(change)


ANSWERS: Mapping[str, Spoil] = {
    "as the vendor's": answered(lambda reply: reply),
    "200": _status(200),
    "202": _status(202),
    "204 without a body": _status(204, b""),
    "201 without a body": _status(201, b""),
    "a text": _row(lambda _: "created"),
    "the key alone": _row(lambda row: {"ClaimTrackingNum": row["ClaimTrackingNum"]}),
    "the number alone": _row(lambda row: row["ClaimTrackingNum"]),
    "without ClaimNum": _row(lambda row: {name: value for name, value in row.items() if name != "ClaimNum"}),
    "numbers as text": _row(lambda row: {name: str(value) for name, value in row.items()}),
    "small letters": _row(lambda row: {name.lower(): value for name, value in row.items()}),
    "an array": _row(lambda row: [row]),
    "another claim": _row(lambda row: row | {"ClaimNum": ANOTHER_CLAIM}),
    "a number of many digits": _row(lambda row: row | {"ClaimTrackingNum": 10**4000}),
    "HTML": answered(lambda _: HTML),
    "301": _status(301, b"", Location="http://127.0.0.1:1/x"),
    "400": _status(400, b'"Nope."'),
    "400 in HTML": _status(400, b"<html>No.</html>", **{"Content-Type": "text/html"}),
    "429": _status(429, b'"Wait."', **{"Retry-After": "0"}),
    "500": _status(500, b'"Oops."'),
    "504": _status(504, b'"Timeout."'),
    "a reset": answered(lambda _: None),
    "half a body": answered(lambda reply: replace(reply, sent=9)),
}  # fmt: skip
