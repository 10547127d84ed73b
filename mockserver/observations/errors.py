"""The error of observation files that cannot be used."""

from mockserver.syntax.diagnostics import DiagnosedError


class ObservationError(DiagnosedError, ValueError):
    """Observation files that cannot be used. `diagnostics` holds all errors, each with its file and position."""
