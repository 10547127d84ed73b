"""Step summary tests: tables that GitHub renders, with nothing of a request in them but its text."""

import html
import re

import pytest

from mockserver.reports.step_summary import MAX_ROWS, as_markdown
from support.coverages import refusal, rule, some_coverage, warning, whole_report


def rows(markdown: str) -> list[list[str]]:
    """Return the cells of all rows of tables, as a reader sees them."""
    lines = [line for line in markdown.splitlines() if line.startswith("| ")]
    return [[html.unescape(cell.strip()).strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_the_summary_has_every_operation_and_the_missing_rules() -> None:
    markdown = as_markdown(whole_report(some_coverage()), ["coverage is 33.3 %, below --fail-under 60"])
    assert "**1 of 3 rules met (33.3 %)**\n" in markdown
    assert "\n- rules on served requests: 1 of 1 (100 %)\n- rules on refused requests: 0 of 2 (0 %)\n" in markdown
    assert "\n- ❌ coverage is 33.3 %, below --fail-under 60\n" in html.unescape(markdown)
    assert ["claimtrackings/list", "1", "2", "50 %"] in rows(markdown)
    assert ["any operation", "0", "1", "0 %"] in rows(markdown)
    assert ["a.two", "assumed", "400", "Two."] in rows(markdown)
    assert "<details><summary>2 rules not met</summary>\n" in markdown
    assert "Warning" not in markdown


def test_a_summary_without_a_gap_is_short() -> None:
    markdown = as_markdown(whole_report(some_coverage(rules=[rule("a.one")])), [])
    assert rows(markdown) == [["Operation", "Met", "Rules", "Coverage"], ["claimtrackings/list", "1", "1", "100 %"]]
    assert "❌" not in markdown
    assert "<details>" not in markdown


def test_refused_warnings_come_first() -> None:
    warnings = [warning(text="Served."), warning(text="Refused.", refused=True, count=3)]
    assert rows(as_markdown(whole_report(some_coverage(warnings=warnings)), []))[-2:] == [
        ["warning.w", "refused", "3", "GET /a", "Refused."],
        ["warning.w", "served", "1", "GET /a", "Served."],
    ]


def test_refusals_have_their_sentence_and_hint() -> None:
    refusals = [refusal(count=2, hint="there are 1|2"), refusal(hint="")]
    markdown = as_markdown(whole_report(some_coverage(refusals=refusals)), [])
    assert rows(markdown)[-2:] == [
        ["a.two", "400", "request", "2", "GET /b", "Two.", "there are 1|2"],
        ["a.two", "400", "request", "1", "GET /b", "Two.", ""],
    ]
    assert "Refusal" not in as_markdown(whole_report(some_coverage()), [])


@pytest.mark.parametrize("count", [MAX_ROWS, MAX_ROWS + 3])
def test_there_is_an_end_to_the_table_of_warnings(count: int) -> None:
    markdown = as_markdown(whole_report(some_coverage(warnings=[warning(text=f"W{n}.") for n in range(count)])), [])
    assert sum(1 for row in rows(markdown) if row[0] == "warning.w") == MAX_ROWS
    assert ("3 more warnings are in the report." in markdown) == (count > MAX_ROWS)
    markdown = as_markdown(whole_report(some_coverage(refusals=[refusal()] * count)), [])
    assert sum(1 for row in rows(markdown) if row[4:5] == ["GET /b"]) == MAX_ROWS
    assert ("3 more refusals are in the report." in markdown) == (count > MAX_ROWS)


@pytest.mark.parametrize(
    "sent",
    [
        "</td><img src=x>",
        "a|b",
        "`x` **b** [l](javascript:a)",
        "&#124;",
        "@org/team #1",
        "two\nlines\r\u2028end",
        "x" * 5000,
    ],
)
def test_nothing_of_a_request_becomes_markup(sent: str) -> None:
    markdown = as_markdown(whole_report(some_coverage(warnings=[warning(request=f"GET /{sent}", text=sent)])), [])
    (line,) = (line for line in markdown.split("\n") if "warning.w" in line)
    assert line.count("|") == 6
    cell = line.split("|")[5].strip()
    assert re.fullmatch(r"(?:&#\d+;|[\w .=/;])+", cell), cell
    assert html.unescape(cell) == (
        "".join(c if c.isprintable() else " " for c in sent) if len(sent) < 300 else "x" * 297 + "..."
    )
