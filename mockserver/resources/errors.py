"""The error of resource folders that cannot be served."""

from mockserver.syntax.diagnostics import DiagnosedError


class ResourceError(DiagnosedError, ValueError):
    """Resource folders that cannot be served. `diagnostics` holds the errors, each with its file and position."""
