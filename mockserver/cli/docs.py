"""Command `opendental-mock docs`: the whole documentation as one Markdown page."""

import argparse
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import takewhile

from mockserver.assets import readme, shipped, shipped_offices, version
from mockserver.cli.flags import Flags
from mockserver.cli.output import FINE, Commands, print_output
from mockserver.settings.server import SETTINGS
from mockserver.syntax.text import printable

_WIDTH = 100
_FENCE = re.compile(r"^ *(```|~~~)")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_INTRODUCTION = """# opendental-mock {version}

> The whole documentation of opendental-mock on one page: README, the pages of docs/, the help of each command, the
> shipped offices, every operation and every rule of the contract. `opendental-mock docs` prints it."""


def add(commands: Commands) -> None:
    """Add the command."""
    docs = commands.add_parser(
        "docs",
        help="print the whole documentation as one Markdown page",
        description="Print README, the pages of docs/, the help of each command, the shipped offices, every operation"
        " and every rule as one Markdown page, for people and coding assistants.",
        epilog="example: opendental-mock docs > opendental-mock.md",
    )
    Flags(docs, [SETTINGS["observed"].but(help="show the rules as this file observed them")])
    docs.set_defaults(run=_docs, parsers=commands.choices)


def _docs(options: argparse.Namespace) -> int:
    print_output(page(options.parsers, options.observed))
    return FINE


def page(parsers: Mapping[str, argparse.ArgumentParser], observed: Iterable[str] = ()) -> str:
    """Return the page, with the help of these commands, and the rules as these files observed them.

    Raises ObservationError.
    """
    files = sorted(shipped("docs").glob("*.md"))  # without the decisions, which are in a folder below
    pages = {"README.md": readme()} | {f"docs/{file.name}": file.read_text("utf-8") for file in files}
    titles = {name: _anchor(_title(text)) for name, text in pages.items()}
    parts = [_INTRODUCTION.format(version=version())]
    parts += [_as_section(text, posixpath.dirname(name), titles) for name, text in pages.items()]
    parts += ["\n".join(_commands(parsers)), "\n".join(_offices())]
    parts += ["\n".join(_operations()), "\n".join(_rules(observed))]
    contents = [_title(part, level=2) for part in parts[1:]]
    parts[0] += "\n\n" + "\n".join(f"- [{title}](#{_anchor(title)})" for title in contents)
    return "\n\n".join(part.strip("\n") for part in parts)


def _as_section(text: str, folder: str, titles: Mapping[str, str]) -> str:
    """Return a page of this folder with its headings one level down, and with links that work on the one page."""
    lines, is_code = [], False
    for line in text.splitlines():
        if _FENCE.match(line):
            is_code = not is_code
        elif line.startswith("!["):
            continue  # one page of text has no pictures
        elif not is_code:
            line = "#" + line if line.startswith("#") else line
            line = _LINK.sub(partial(_relinked, folder, titles), line)
        lines.append(line)
    return "\n".join(lines)


def _relinked(folder: str, titles: Mapping[str, str], link: re.Match[str]) -> str:
    """Return a link to a page of the documentation as a link within the one page, and another file by its name."""
    text, target = link.groups()
    file, _, anchor = target.partition("#")
    if "://" in target or not file:
        return link[0]
    path = posixpath.normpath(posixpath.join(folder, file))
    if path in titles:
        return f"[{text}](#{anchor or titles[path]})"
    return text if posixpath.basename(path) in text else f"{text} (`{path}`)"


def _commands(parsers: Mapping[str, argparse.ArgumentParser]) -> Iterator[str]:
    yield "## Commands"
    for name, parser in parsers.items():
        # The same on each terminal, and in a file.
        parser.formatter_class = partial(argparse.HelpFormatter, width=_WIDTH)
        setattr(parser, "color", False)  # noqa: B010  # an attribute from Python 3.14 on
        yield from ("", f"### opendental-mock {name}", "", "```text", parser.format_help().rstrip(), "```")


def _offices() -> Iterator[str]:
    yield from ("## Offices by name", "")
    for name, file in shipped_offices().items():
        yield f"- `{name}`: {_comment(file.read_text('utf-8'))}"


def _operations() -> Iterator[str]:
    from mockserver.resources.folder import shipped_folders

    yield from (
        "## All operations",
        "",
        "All under `/api/v1`. A list takes `Limit` and `Offset` too, and one with times `DateTimeFormatString`.",
        "",
    )
    yield from ("| Operation | Request | Parameters or fields | Since | Permission |", "|---|---|---|---|---|")
    for folder in shipped_folders().values():
        for spec in folder.operations.values():
            names = list(folder.body(spec)["properties"]) if spec.has_body else list(spec.filters)
            names += [hides.unless for hides in spec.hides if hides.unless]
            path = (
                f"/{folder.name}" + (f"/{{{folder.key}}}" if spec.has_number else "") + (spec.path and f"/{spec.path}")
            )
            given = ", ".join(f"`{name}`" for name in names)
            request = f"`{spec.method} {path}`"
            yield f"| `{folder.name}/{spec.name}` | {request} | {given} | {spec.added} | {spec.permission} |"


def _comment(text: str) -> str:
    """Return the comment at the top of a fixture as one line."""
    lines = takewhile(lambda line: line.startswith("#"), text.splitlines())
    return " ".join(filter(None, (line.lstrip("# ") for line in lines)))


def _rules(observed: Iterable[str]) -> Iterator[str]:
    from mockserver.observations.files import observed_contract  # slow to import, and the other commands need it later

    yield from (
        "## Rules",
        "",
        "Of several variants, the first one is the rule as it stands; the one in bold is played.",
        "",
    )
    yield from ("| Rule | Operation | Status | Standing | Sentence | Variants |", "|---|---|---|---|---|---|")
    for rule in observed_contract(observed).rules.values():
        says = f"{rule.says} {rule.note}".strip().replace("|", "\\|")
        variants = ", ".join(f"**{name}**" if name == rule.played else name for name in rule.variants)
        row = f"| `{rule.id}` | {rule.operation} | {rule.status} | {rule.shown_standing} | {says} | {variants} |"
        yield printable(row)


def _title(text: str, level: int = 1) -> str:
    """Return the first heading."""
    return text.partition("#" * level + " ")[2].partition("\n")[0]


def _anchor(title: str) -> str:
    """Return the anchor that Markdown viewers derive from a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
