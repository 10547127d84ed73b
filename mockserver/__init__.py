"""A private dental office for people who write software against the Open Dental API."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.complaints import Complaint, FixtureError, FixtureNotFound
    from mockserver.fixture_files import load_office
    from mockserver.mock_server import AsyncMockServer, MockServer
    from mockserver.office import Office
    from mockserver.web.app import create_app

# Imported when first asked for: the HTTP library costs 0.2 s, and pytest imports this package wherever it is
# installed.
_HOMES = {
    "AsyncMockServer": "mockserver.mock_server",
    "Complaint": "mockserver.complaints",
    "FixtureError": "mockserver.complaints",
    "FixtureNotFound": "mockserver.complaints",
    "MockServer": "mockserver.mock_server",
    "Office": "mockserver.office",
    "create_app": "mockserver.web.app",
    "load_office": "mockserver.fixture_files",
}
__all__ = [
    "AsyncMockServer",
    "Complaint",
    "FixtureError",
    "FixtureNotFound",
    "MockServer",
    "Office",
    "create_app",
    "load_office",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
