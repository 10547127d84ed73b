"""Exchange text: an exchange for people, with the reason of a refusal and without credentials."""

from collections.abc import Mapping

from mockserver.contract.rules import Rule
from mockserver.messages import shortened
from mockserver.recording.journal import Exchange
from mockserver.recording.redaction import shown_text
from mockserver.syntax.text import printable

_MAX_BODY_LENGTH = 1_000  # characters


def exchange_text(exchange: Exchange, rules: Mapping[str, Rule]) -> str:
    """Return the lines on an exchange: request, bodies, refusal, warnings, fault. `rules` are those of the contract."""
    lines = [f"{exchange.id}  {exchange.method} {exchange.path}  {exchange.status}  {exchange.milliseconds:.1f} ms"]
    for name, body in (("sent", exchange.sent), ("answered", exchange.answer)):
        if body:
            lines.append(f"     {name}  {shortened(shown_text(body.decode(errors='replace')), _MAX_BODY_LENGTH)}")
    if exchange.refused_by:
        lines.append(f"     refused by  {exchange.refused_by}: {rules[exchange.refused_by].says}")
    if exchange.hint:
        lines.append(f"     hint  {exchange.hint}")
    lines += [f"     warning  {text}" for _, text in exchange.warnings]
    if exchange.fault:
        lines.append(f"     fault  {exchange.fault}")
    return "\n".join(map(printable, lines))
