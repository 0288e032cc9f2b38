"""Finds citations of statutes, regulations, session laws, municipal codes and cases; knows nothing of what they mean."""

from __future__ import annotations

import re

from nlp.records import Fact

_SECTION = r"\d[\w.:–-]{0,30}\w?(?:\([A-Za-z0-9]{1,5}\)){0,6}"
_LIST = rf"{_SECTION}(?:(?:,| and| or|, and|, or| to| through)\s+{_SECTION}){{0,6}}"
_CITATION = re.compile(
    rf"\b(?=[0-9A-Z])(?:\d{{1,2}}\s?U\.?\s?S\.?\s?C\.?(?:\s?A\.)?\s?(?:§{{0,2}}|[Ss]ections?)\s?{_LIST}"
    rf"|\d{{1,2}}\s?C\.?\s?F\.?\s?R\.?\s?(?:§{{0,2}}|[Pp]arts?)\s?{_LIST}"
    rf"|INA\s(?:§{{1,2}}|[Ss]ections?)\s?{_LIST}"
    r"|Pub(?:lic|\.)\s?L(?:aw|\.)\s?(?:No\.\s?)?\d{2,3}[-–]\d{1,4}"
    r"|\d{1,4}\sStat\.\s\d{1,5}"
    r"|\d{1,3}\sFed\.\s?Reg\.\s\d{1,6}"
    r"|\d{1,4}\s(?:U\.\s?S\.|S\.\s?Ct\.|F\.(?:2d|3d|4th)?|F\.\s?Supp\.(?:\s?[23]d)?|[A-Z][A-Za-z]{0,8}\.(?:\s?[23]d)?)\s\d{1,4}(?:\s\([^()]{0,40}\d{4}\))?"
    rf"|(?:[A-Z][A-Za-z]{{0,8}}\.\s?){{1,4}}(?:Ann\.\s?)?(?:Code|Stat|Laws|Gen|Rev|Comp)[\w.,\s]{{0,30}}?§{{1,2}}\s?{_LIST}"
    rf"|(?:C\.R\.S\.|G\.\s?S\.|K\.S\.A\.|KRS|NRS|ORS|RCW|RSA|O\.C\.G\.A\.|N\.J\.S\.A?\.|M\.G\.L\.|ILCS|RSMo)\s?(?:§{{0,2}}|c\.\s?)\s?{_LIST}"
    rf"|\d{{1,2}}[A-Z]?\s(?:V\.S\.A\.|M\.R\.S\.|Pa\.\s?C\.S\.|O\.S\.|ILCS|Del\.\s?C\.)\s?§{{0,2}}\s?{_LIST}"
    r"|(?:Session Laws|Laws|Acts|Stats\.|St\.)\s(?:of\s)?(?:19|20)\d\d(?:,\s?(?:[Cc]h(?:apter|\.)|[Nn]o\.)\s?\d{1,5}"
        r"|[-–]\d{1,4})?"
    r"|D\.C\.\s(?:Law|Act)\s\d{1,2}[-–]\d{1,4}"
    r"|(?:Ordinance|Ord\.|Local Law)\s(?:No\.?\s|[Nn]umber\s)?\d[\d.–/-]{0,12}"
    rf"|(?:[A-Z][a-z]+\s){{1,3}}(?:Municipal|Administrative|City|County|Penal|Labor|Government|Civil|Evidence"
        rf"|Health and Safety|Welfare and Institutions)\sCode\s(?:§{{1,2}}|[Ss]ections?)\s?{_LIST}"
    rf"|(?:Penal|Labor|Government|Civil|Evidence|Family|Education|Vehicle|Elections)\sCode\s(?:§{{1,2}}|[Ss]ections?)\s?{_LIST})"
)  # fmt: skip


def citations(text: str) -> list[Fact]:
    """Return each distinct citation of other law in a text once, with the span where it first stands."""
    seen: set[str] = set()
    found: list[Fact] = []
    for match in _CITATION.finditer(text):
        value = " ".join(match[0].split()).rstrip(".,;:")
        if value not in seen:
            seen.add(value)
            found.append(Fact("citation", value, match.start(), match.start() + len(match[0].rstrip(".,;: "))))
    return found
