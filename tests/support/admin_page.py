"""Page of the admin API: its table of paths, made from the routes and the docstrings of their handlers.

`PYTHONPATH=tests python -m support.admin_page` writes the table of docs/admin.md again.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from aiohttp.web import AbstractRoute

from mockserver import create_app
from mockserver.web import admin
from mockserver.web.admin.bodies import PREFIX

PAGE = Path(__file__).resolve().parents[2] / "docs/admin.md"
_HEAD = "| Path | Description | Query or body |\n|---|---|---|\n"
_TABLE = re.compile(r"(<!-- paths of the admin API -->\n)(?:\n?\|.*\n)*")


def filled(page: str) -> str:
    """Return the page with the table that its comment names, as the routes make it."""
    rows = "".join(f"{row}\n" for row in map(_row, routes()))
    return _TABLE.sub(lambda found: f"{found[1]}\n{_HEAD}{rows}", page)


def routes() -> list[AbstractRoute]:
    """Return the routes of the admin API."""
    every = (route for route in create_app().router.routes() if route.method != "HEAD")
    return [route for route in every if _path(route).startswith(PREFIX)]


def parameters(route: AbstractRoute) -> str:
    """Return the paragraph on the query or the body in the docstring of a route's handler."""
    return _paragraphs(route)[1]


def names_in_queries() -> set[str]:
    """Return the names that the modules of the admin API look up in a query, by `get`, by `[]` or by `in`."""
    folder = Path(*admin.__path__)
    return {name for file in folder.glob("*.py") for name in _names(ast.parse(file.read_text("utf-8")))}


def _row(route: AbstractRoute) -> str:
    description, said = _paragraphs(route)
    cells = (f"`{route.method} {_path(route)}`", description.removesuffix("."), said.removesuffix("."))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _path(route: AbstractRoute) -> str:
    return route.resource.canonical if route.resource is not None else ""


def _paragraphs(route: AbstractRoute) -> tuple[str, str]:
    """Return the first paragraph of the docstring, and the one on the query or the body, each on one line."""
    description, *others = (" ".join(part.split()) for part in (inspect.getdoc(route.handler) or "").split("\n\n"))
    return description, next((part for part in others if part.startswith(("Query: ", "Body: "))), "")


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case (
                ast.Call(func=ast.Attribute(value=asked, attr="get"), args=[ast.Constant(value=str(name)), *_])
                | ast.Subscript(value=asked, slice=ast.Constant(value=str(name)))
                | ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In()], comparators=[asked])
            ) if ast.unparse(asked) in ("query", "request.query"):
                yield name


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
