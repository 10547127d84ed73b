"""The error of resource folders that cannot be served."""

from mockserver.syntax.diagnostics import Diagnostic


class ResourceError(ValueError):
    """Resource folders that cannot be served. `diagnostics` holds the errors, each with its file and position."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics
