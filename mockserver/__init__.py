"""Mock server: a private dental office for programs that use the Open Dental API."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.contract.own_resources import ResourceError
    from mockserver.observations.errors import ObservationError
    from mockserver.office.office import Office
    from mockserver.seeding.diagnostics import FixtureError, FixtureNotFound
    from mockserver.seeding.load import load_office
    from mockserver.syntax.diagnostics import Diagnostic
    from mockserver.testing.mock_server import AsyncMockServer, MockServer
    from mockserver.testing.remote import RemoteServer, connect
    from mockserver.web.app import create_app

# Imported on first access: the HTTP library takes 0.2 s to import, and pytest imports this package in every
# environment that has it installed.
_HOMES = {
    "AsyncMockServer": "mockserver.testing.mock_server",
    "Diagnostic": "mockserver.syntax.diagnostics",
    "FixtureError": "mockserver.seeding.diagnostics",
    "FixtureNotFound": "mockserver.seeding.diagnostics",
    "MockServer": "mockserver.testing.mock_server",
    "ObservationError": "mockserver.observations.errors",
    "ResourceError": "mockserver.contract.own_resources",
    "Office": "mockserver.office.office",
    "RemoteServer": "mockserver.testing.remote",
    "connect": "mockserver.testing.remote",
    "create_app": "mockserver.web.app",
    "load_office": "mockserver.seeding.load",
}
__all__ = [
    "AsyncMockServer",
    "Diagnostic",
    "FixtureError",
    "FixtureNotFound",
    "MockServer",
    "ObservationError",
    "Office",
    "RemoteServer",
    "ResourceError",
    "connect",
    "create_app",
    "load_office",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
