"""What in a text looks like a real patient's data; what nobody can have, as example.com, does not."""

import re
from functools import cache

_DATE = r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d-\d\d?-\d\d?)"
_LONG_AGO = r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19\d\d|200\d)|(?:19\d\d|200\d)-\d\d?-\d\d?)"
_BIRTH = rf"\b(?:dob|d\.o\.b|birth|born|b-?day)\w*\W.{{0,20}}?{_DATE}|(?<![\d-]){_LONG_AGO}(?!\d)"
# Numbers that begin with 000, 666 or 9 are given to nobody, nor are those with a part of zeros.
_SOCIAL_SECURITY = r"(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d\d\1(?!0000)\d{4}(?![\d-])"
_NOBODYS = r"(?:[\w-]+\.)*(?:example\.(?:com|net|org)|example|test|invalid|localhost)(?![\w.-]*\w)"
_E_MAIL = rf"(?<![\w.+-])[\w.+-]{{1,64}}@(?!{_NOBODYS})[\w-]+(?:\.[\w-]+)+"
_TELEPHONE = r"(?<![\d-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])(?!555[ .-]?01\d\d)\d{3}[ .-]?\d{4}(?![\d-])"


@cache
def _kinds() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    # Compiled when first asked for: that takes 4 ms, and a server that starts asks for none.
    return (
        ("a date of birth", "leave it out", re.compile(_BIRTH, re.I | re.A)),
        ("a social security number", "use one that begins with 000", re.compile(_SOCIAL_SECURITY, re.A)),
        ("an e-mail address", "use one at example.com", re.compile(_E_MAIL, re.I)),
        ("a telephone number", "use one from 555-0100 to 555-0199", re.compile(_TELEPHONE, re.A)),
    )


def looks_real(text: str) -> list[tuple[str, str]]:
    """Each kind of data that `text` seems to hold, and what would do in its place."""
    return [(kind, instead) for kind, instead, form in _kinds() if form.search(text)]
