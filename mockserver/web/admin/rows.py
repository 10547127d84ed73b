"""Rows over HTTP: the rows of one table, read, stored and deleted without the rest of the office."""

import json
from typing import Any

from aiohttp import web

from mockserver.office.row_values import columns_of
from mockserver.office.table import Table
from mockserver.seeding.single_row import delete_row, put_row
from mockserver.suggestions import alternatives
from mockserver.syntax.json_writer import array
from mockserver.tenants.tenant import Tenant
from mockserver.web.admin.bodies import as_json, read_value
from mockserver.web.admin.route import Handlers, Route
from mockserver.web.admin.selection import select
from mockserver.web.admin.stream import stream
from mockserver.web.problem import Problem


class RowHandlers(Handlers):
    """Handlers for the rows of one table of an office."""

    def routes(self) -> list[Route]:
        """Return all routes."""
        return [
            ("GET", "/tables", self.get_tables),
            ("GET", "/office/{table}", self.get_rows),
            ("PUT", "/office/{table}", self.put_row),
            ("DELETE", "/office/{table}/{number:[0-9]{1,19}}", self.delete_row),
        ]

    async def get_tables(self, request: web.Request) -> web.Response:
        """Return the tables that have rows, each with their number."""
        tables = self.tenant_of(request).office.tables
        counts = {
            name: len(table) for name, table in sorted(tables.items()) if table.spec.is_in_fixtures and len(table)
        }
        return as_json({"tables": counts})

    async def get_rows(self, request: web.Request) -> web.StreamResponse:
        """Return the rows of a table, such as `claim`, with all columns; `X-Total-Count` counts them without a page.

        Query: `limit`, `offset`, columns with values.
        """
        selection = select(self._table(request, self.tenant_of(request)), request)
        pieces = array(json.dumps(columns_of(row)) for row in selection.rows)
        return await stream(request, pieces, headers={"X-Total-Count": str(selection.total)})

    async def put_row(self, request: web.Request) -> web.Response:
        """Store one row, which is validated like a row of a fixture, in place of the one with its number. Return it.

        Body: the columns of the row.
        """
        tenant = self.tenant_of(request)
        name = self._table(request, tenant).spec.name
        given = await read_value(request, tenant.lifetime)
        if not isinstance(given, dict):
            raise Problem(400, "The body is not a row: give a JSON object with its columns.")
        try:
            row = put_row(tenant.office, name, given, self._mock.contract)
        except ValueError as error:
            errors = [{"message": message} for message in str(error).split("\n")]
            raise Problem(400, "The row is not valid.", errors=errors) from None
        return as_json(columns_of(row))

    async def delete_row(self, request: web.Request) -> web.Response:
        """Delete one row, unless other rows refer to it."""
        tenant = self.tenant_of(request)
        table, number = self._table(request, tenant), int(request.match_info["number"])
        is_there = number in table
        try:
            delete_row(tenant.office, table.spec.name, number)
        except ValueError as error:
            raise Problem(400 if is_there else 404, f"{error}") from None
        return as_json({"deleted": number})

    def _table(self, request: web.Request, tenant: Tenant) -> Table[Any]:
        """Return the table that the path names. Raises Problem."""
        name, tables = request.match_info["table"], tenant.office.tables
        known = tables.specs.folders.tables()
        if name not in known:
            raise Problem(404, f"{name!r} is not a table of rows; {alternatives(name, known)}")
        return tables[name]
