"""The error of observation files that cannot be used."""

from mockserver.syntax.diagnostics import Diagnostic


class ObservationError(ValueError):
    """Observation files that cannot be used. `diagnostics` holds all errors, each with its file and position."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics
