"""Page of responses: every status and text of the ClaimTrackings operations, as the rules have them.

`PYTHONPATH=tests python -m support.responses_page` writes the tables of docs/responses.md again.
"""

import re
from pathlib import Path

from mockserver.contract.contract import shipped_contract
from mockserver.contract.rules import Rule

PAGE = Path(__file__).resolve().parents[2] / "docs/responses.md"
_HEAD = (
    "| Status | Text | When | Cause | Standing | Other offices could answer | Note |\n|---|---|---|---|---|---|---|\n"
)
_TABLE = re.compile(r"(<!-- rules of (.+) -->\n)(?:\n?\|.*\n)*")
STRICT = "--strict"


def filled(page: str) -> str:
    """Return the page with the tables that its comments name, as the rules make them."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{_HEAD}" + "".join(f"{row}\n" for row in _rows(found[2])), page)


def _rows(name: str) -> list[str]:
    rules = [rule for rule in shipped_contract().rules.values() if _belongs(rule, name)]
    return [_row(rule, is_strict=name == STRICT) for rule in sorted(rules, key=lambda rule: (rule.status, rule.id))]


def _belongs(rule: Rule, name: str) -> bool:
    if rule.is_warning:
        return name == STRICT
    return rule.operation == name and bool(rule.texts or rule.id.endswith(".row"))


def _row(rule: Rule, *, is_strict: bool) -> str:
    status = rule.strict_status if is_strict else rule.status
    # `taken` and the like are answers with a row, which have no text.
    others = [(one.status, one.text) for one in rule.variants.values() if one.status != status and not is_strict]
    cells = (
        str(status),
        _text(status, rule.text),
        f"{rule.says} `{rule.id}`",
        rule.cause,
        rule.standing,
        "; ".join(dict.fromkeys(f"{number} {_text(number, text)}".strip() for number, text in others)),
        rule.note,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _text(status: int, text: str) -> str:
    return f'`"{text}"`' if text and status >= 300 else ""


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
