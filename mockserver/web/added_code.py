"""Added code: middlewares and handlers that a user has added to the app, and errors that they raise."""

import sys
import traceback
from pathlib import Path

# The mock's own handlers. What fails below them is the mock's, also if added code has called them.
_HANDLERS = ("mockserver.web.admin.", "mockserver.web.page.", "mockserver.web.index")
_API_HANDLER = "ApiMiddleware.handle"
_NOT_ADDED = {*sys.stdlib_module_names, "mockserver", "aiohttp", "multidict", "yarl"}


def explain_error(error: BaseException | None, bug: str) -> str:
    """Return what a client is told of an error: `bug` if the mock raised it, otherwise its place in added code."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__ if error is not None else None):
        module, name = str(frame.f_globals.get("__name__", "")), frame.f_code.co_qualname
        if module.startswith(_HANDLERS) or name == _API_HANDLER:
            return bug
        if module.partition(".")[0] not in _NOT_ADDED:
            place = f"{name}, {Path(frame.f_code.co_filename).name} line {line}"
    if not place:
        return bug
    what = type(error).__name__
    return f"{what} in {place}: code that was added to the app, not part of opendental-mock. The log says more."
