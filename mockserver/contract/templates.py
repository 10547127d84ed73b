"""Templates: data in which names in braces stand for values."""

import re
from collections.abc import Callable, Mapping
from typing import Any


def replaced(template: Any, name: re.Pattern[str], value: Callable[[re.Match[str]], Any]) -> Any:
    """Return a template with a value in the place of each name. A text that is one name becomes the value itself."""
    if isinstance(template, str):
        whole = name.fullmatch(template)
        return value(whole) if whole else name.sub(lambda found: str(value(found)), template)
    if isinstance(template, Mapping):
        return {replaced(key, name, value): replaced(part, name, value) for key, part in template.items()}
    return [replaced(part, name, value) for part in template] if isinstance(template, list) else template
