"""Secrets: their check, and the files that hold them. No error contains one."""

from pathlib import Path
from typing import Any

from mockserver.settings.checks import Check


class Token(Check):
    """A secret that a header can carry, or `@` and the name of a file that holds it. Errors do not contain it."""

    def value(self, given: Any) -> str:
        if not isinstance(given, str):
            raise TypeError(f"it must be text, and is of type {type(given).__name__}")
        if not given.startswith("@"):
            return self._secret(given)
        file = given[1:]
        try:
            return self._secret(read_secret(file))
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from None

    def below(self, folder: Path, value: Any, /) -> Any:
        return f"@{folder / value[1:]}" if isinstance(value, str) and value.startswith("@") else value

    @staticmethod
    def _secret(text: str) -> str:
        if not text.strip():
            raise ValueError("it is blank, which would open the admin API to everyone; give a secret")
        if text != text.strip() or not text.isprintable():
            raise ValueError("it has spaces around it, or characters that a header cannot carry; give printable text")
        if text.startswith("@"):
            raise ValueError("it begins with @, which stands for the name of a file; give another secret")
        return text


def read_secret(file: str) -> str:
    """Return the text of a file, without the white space around it. Raises ValueError, which does not contain it."""
    try:
        return Path(file).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise ValueError(error.strerror) from None
    except UnicodeDecodeError:
        raise ValueError("not UTF-8; save the file as UTF-8") from None
