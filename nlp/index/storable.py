"""Text as every database stores it; knows nothing of what it says."""

from __future__ import annotations

import re

_REFUSED = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace what no database stores (NUL, lone surrogates) by U+FFFD; offsets stay."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)
