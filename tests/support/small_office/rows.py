"""Rows as the office sends them."""

from support.small_office.behaviour import Behaviour
from support.small_office.data import CATEGORY_NAMES, Row
from support.small_office.dates import parse, writer
from support.small_office.store import Store
from support.small_office.texts import sent


def tracking_row(row: Row, form: str | None, behaviour: Behaviour) -> Row:
    """Return a tracking. `form` is the .NET format of its time; None for the usual form."""
    shown = _sent(row, behaviour) | {"DateTimeEntry": _time(row["DateTimeEntry"], form)}
    if behaviour.deviates("row-with-extra-column"):
        shown["SecDateTEntry"] = shown["DateTimeEntry"]
    if behaviour.deviates("row-without-UserNum"):
        del shown["UserNum"]
    if behaviour.deviates("row-with-ISO-time"):
        shown["DateTimeEntry"] = str(shown["DateTimeEntry"]).replace(" ", "T")
    if behaviour.deviates("row-with-ClaimNum-as-text"):
        shown["ClaimNum"] = str(shown["ClaimNum"])
    return shown


def claim_row(row: Row, form: str | None, store: Store, behaviour: Behaviour) -> Row:
    """Return a claim, with the name of its status."""
    number = row["CustomTracking"]
    assert isinstance(number, int)
    definition = None if behaviour.deviates("claim-without-customTracking") else store.definition(number)
    shown: Row = {}
    for name, value in _sent(row, behaviour).items():
        shown[name] = value
        if name == "CustomTracking":
            shown["customTracking"] = definition["ItemName"] if definition else ""
    return shown | {"SecDateTEdit": _time(row["SecDateTEdit"], form)}


def definition_row(row: Row, behaviour: Behaviour) -> Row:
    """Return a definition."""
    category, is_hidden = row["Category"], row["IsHidden"]
    assert isinstance(category, int)
    name = str(category) if behaviour.deviates("definitions-category-number") else CATEGORY_NAMES[category]
    return {
        "DefNum": row["DefNum"],
        "ItemName": row["ItemName"],
        "ItemValue": row["ItemValue"],
        "Category": category,
        "category": name,
        "isHidden": is_hidden if behaviour.deviates("definitions-isHidden-boolean") else str(is_hidden).lower(),
    }


def preference_row(row: Row, behaviour: Behaviour) -> Row:
    """Return a preference."""
    if behaviour.deviates("preferences-boolean-words") and row["ValueString"] in ("0", "1"):
        return row | {"ValueString": "true" if row["ValueString"] == "1" else "false"}
    return dict(row)


def _sent(row: Row, behaviour: Behaviour) -> Row:
    return {name: sent(value, behaviour) if isinstance(value, str) else value for name, value in row.items()}


def _time(text: object, form: str | None) -> str:
    moment = parse(str(text))
    assert moment is not None, "the office keeps times in the usual form"
    return writer(form)(moment) if form else str(text)
