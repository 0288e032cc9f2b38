"""Reads dates and spans of dates of a query; knows nothing of documents."""

from __future__ import annotations

import datetime
import re

from nlp.errors import QueryError
from nlp.index.tree import Dated

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_FORM = "dates are written 2017, 2017-05 or 2017-05-01, spans >2017, <=2019-06 or 2017..2020"


def period(written: str) -> tuple[str, str] | None:
    """Return the half-open span of ISO dates that a year, month or day covers, or None if it is no date."""
    match = _DATE.fullmatch(written)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
        if day:
            return first.isoformat(), (first + datetime.timedelta(days=1)).isoformat()
        if month:
            after = datetime.date(first.year + month // 12, month % 12 + 1, 1)
            return first.isoformat()[:7], after.isoformat()[:7]
    except (ValueError, OverflowError):
        return None
    return f"{first.year:04}", f"{first.year + 1:04}"


def span_of(query: str, value: str, position: int) -> Dated:
    """Read the value of ``date:``; raise `QueryError` at its place in the query."""
    low, dots, high = value.partition("..")
    if dots:
        bounds = [(period(part) if part else ("", "")) for part in (low, high)]
        if bounds[0] is None or bounds[1] is None or not (low or high):
            raise QueryError(f"{value!r} is no span of dates; {_FORM}", query, position)
        return Dated(bounds[0][0], bounds[1][1])
    sign = re.match(r"[<>]=?|=?", value)
    found = period(value[sign.end() :]) if sign is not None else None
    if sign is None or found is None:
        raise QueryError(f"{value!r} is no date; {_FORM}", query, position)
    start, end = found
    return {
        ">": Dated(end, ""), ">=": Dated(start, ""), "<": Dated("", start), "<=": Dated("", end),
    }.get(sign[0], Dated(start, end))  # fmt: skip
