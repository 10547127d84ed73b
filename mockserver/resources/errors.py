"""The error of resource folders that cannot be served."""

from mockserver.syntax.diagnostics import Complaint


class ResourceError(ValueError):
    """Resource folders that cannot be served. `complaints` holds the errors, each with its file and position."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = complaints
