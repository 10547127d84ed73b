"""What the documents say is what the rules say."""

import re
from pathlib import Path

from mockserver.contract import shipped_contract

HERE = Path(__file__).resolve().parent.parent
RULES = shipped_contract().rules


def test_the_page_on_behaviour_has_every_rule_that_is_of_no_one_resource_with_its_standing() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| [^|]+ \| (\w+) \|", (HERE / "docs/behaviour.md").read_text("utf-8"), re.M)
    said = {rule: standing for cell, standing in rows for rule in re.findall(r"`([\w.-]+)`", cell)}
    expected = {rule for rule in RULES if rule.startswith(("api.", "warning."))} | said.keys()
    assert said == {rule: RULES[rule].standing for rule in expected}
    assert said
