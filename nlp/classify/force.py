"""The force under which each word of a clause stands: commanded, allowed, barred, saved, or barred from being refused.

This is what tells "shall honor" from "shall not honor" from "shall not refuse to honor". It works on stems alone and knows
neither labels nor concepts. The approach follows rule-based negation scoping (Chapman et al., NegEx, 2001): a trigger opens
a scope, which ends at the sentence or at the next trigger.
"""

from __future__ import annotations

from typing import NamedTuple

from nlp.classify.tokens import Tokens

NONE, DUTY, MAY, LIMITED, BAR, SAVE, TURNED = "0", "D", "M", "L", "B", "S", "T"
"""No force yet; a duty; a permission; one hedged into a limit ("may honor a detainer only if"); a bar; a savings clause ("nothing
in this act prohibits"); a bar on refusing."""

_AUXILIARY = frozenset(("shall", "may", "must", "will", "can", "should"))
_DUTY = frozenset(("shall", "must", "will", "should"))
_TURNING = frozenset(
    (
        "refus",
        "prohibit",
        "restrict",
        "limit",
        "prevent",
        "imped",
        "interfer",
        "declin",
        "fail",
        "hinder",
        "obstruct",
        "deny",
        "discourag",
        "bar",
        "inhibit",
        "forbid",
        "withhold",
        "refrain",
        "neglect",
        "preclud",
        "block",
        "ban",
        "delay",
        "abstain",
        "impair",
        "frustrat",
        "curtail",
    )
)
_BARRING = frozenset(("prohibit", "forbid", "unlawful", "refrain", "ban", "forbidden"))
_DECLINING = frozenset(("refus", "declin", "deny", "withhold", "prohibit", "forbid", "refrain", "disregard", "reject"))
_SENTENCE_ENDS = frozenset((".", ";", "?", "!"))
_FULL_STOPS = frozenset((".", "?", "!"))
_EXCEPTIONS = frozenset(("unless", "except", "absent", "without", "until", "only", "provided"))
_HEDGES = frozenset(
    (
        "if",
        "when",
        "where",
        "upon",
        "after",
        "to",
        "as",
        "in",
        "for",
        "with",
        "under",
        "on",
        "pursuant",
        "by",
        "until",
        "dur",
        "at",
    )
)
"""What follows an "only" that makes a limit of the permission before it."""

_HEDGE_REACH = 60
_ABBREVIATIONS = frozenset(("sec", "no", "art", "ch", "para", "u.s", "g.s", "v", "inc", "subd", "stat", "ann", "u.s.c", "c.f.r"))
_NOT_BARRING = frozenset(
    (
        "limit",
        "only",
        "later",
        "less",
        "more",
        "be",
        "constru",
        "mere",
        "otherwis",
        "withstand",
        "exceed",
        "to",
        "lawful",
        "public",
        "subject",
    )
)
_RULES = frozenset(
    (
        "policy",
        "ordinanc",
        "rul",
        "law",
        "practic",
        "regulation",
        "resolution",
        "directiv",
        "custom",
        "order",
        "guidelin",
        "procedur",
    )
)
_WATCHED = (
    _AUXILIARY
    | _TURNING
    | _BARRING
    | frozenset(
        ("no", "neither", "none", "nothing", "not", "never", "cannot", "authoriz", "permit", "allow", "empower", "entitl")
    )
    | frozenset(("requir", "responsibl", "direct", "oblig", "bound", "agre"))
)
_TELLING = _SENTENCE_ENDS | _WATCHED | _EXCEPTIONS
"""The words at which a force or an exception can begin or end."""
_NEGATION_REACH = 18
"""Words between "no" and its auxiliary: "no officer, employee or agent of the county jail shall"."""


class Force(NamedTuple):
    """The force on every word, whether an exception has opened before it in its sentence, and the places of the triggers."""

    states: list[str]
    excepted: list[bool]
    triggers: list[tuple[int, int, str]]


def force(tokens: Tokens) -> Force:
    """Read the force on each token, left to right; a colon, unlike a full stop, lets the force of a lead-in go on."""
    stems = tokens.stems
    states: list[str] = []
    excepted: list[bool] = []
    triggers: list[tuple[int, int, str]] = []
    state, in_exception = NONE, False
    for index, word in enumerate(stems):
        if word not in _TELLING or index < len(states):  # nothing changes here, or the trigger before goes on
            continue
        excepted += [in_exception] * (index - len(states))
        states += [state] * (index - len(states))
        width, opened = 1, None
        if word in _SENTENCE_ENDS:
            in_exception = False
            if word != ";" and not _is_abbreviation(stems, index):
                state = NONE
        elif word in _WATCHED:
            opened, width = _trigger(stems, index, state)
        elif word in _EXCEPTIONS:
            in_exception = True
        if opened == MAY and _is_hedged(stems, index + width):
            opened = LIMITED
        if opened is not None:
            state = opened
            triggers.append((index, index + width, opened))
        states += [state] * width
        excepted += [in_exception] * width
    rest = len(stems) - len(states)
    return Force((states + [state] * rest)[: len(stems)], (excepted + [in_exception] * rest)[: len(stems)], triggers)


def sentence_bounds(tokens: Tokens) -> list[int]:
    """Return the index of the first token of each sentence after the first; semicolons and colons end none."""
    stems = tokens.stems
    return [i + 1 for i, word in enumerate(stems) if word in _FULL_STOPS and not _is_abbreviation(stems, i)]


def _is_abbreviation(stems: list[str], index: int) -> bool:
    """Tell the full stop of an abbreviation or enumerator (``a.``, ``sec.``) from a sentence end."""
    previous = stems[index - 1] if index else ""
    return len(previous) <= 1 or previous in _ABBREVIATIONS


def _trigger(stems: list[str], index: int, state: str) -> tuple[str | None, int]:
    """Return the force that opens at a token (None if none does) and the number of tokens its trigger has."""
    word = stems[index]
    if word in _AUXILIARY:
        return _auxiliary(stems, index, state)
    if word in ("no", "neither", "none"):
        return _no(stems, index)
    if word == "nothing":
        return (SAVE, 2) if stems[index + 1 : index + 2] != ["but"] else (None, 1)
    if word in ("not", "never", "cannot"):
        return _not(stems, index, state)
    if word in _TURNING and state == BAR and not _RULES.isdisjoint(stems[max(0, index - 8) : index]):
        return TURNED, 1  # "shall not adopt a policy that prohibits ..."
    if word in _BARRING and state in (NONE, DUTY, MAY):
        return BAR, 1
    if state == NONE and stems[index - 1 : index] in (["be"], ["hereby"]):
        if word in ("authoriz", "permit", "allow", "empower", "entitl"):
            return MAY, 1
        if word in ("requir", "responsibl", "direct", "oblig", "bound"):
            return DUTY, 1
    return (DUTY, 1) if word == "agre" and state == NONE else (None, 1)


def _auxiliary(stems: list[str], index: int, state: str) -> tuple[str | None, int]:
    """Read "shall", "may" and their kind, with the words that follow."""
    if state == SAVE:  # "nothing in this act shall ..." goes on saving
        return None, 1
    following = stems[index + 1 : index + 4]
    first = following[0] if following else ""
    if first in ("not", "never"):
        if (
            following[1:2] == ["be"]
            and following[2:3]
            and following[2] in ("constru", "deem", "interpret", "read", "requir", "oblig")
        ):
            return SAVE, 4
        if following[1:2] == ["apply"]:
            return SAVE, 3
        return (TURNED if _is_turned(stems, index + 2) else BAR), 2
    if first in ("no", "neither"):
        return BAR, 2
    if first in _DECLINING or (first == "be" and following[1:2] and following[1] in ("prohibit", "forbid", "barred")):
        return BAR, 2
    return (DUTY if stems[index] in _DUTY else MAY), 1


def _no(stems: list[str], index: int) -> tuple[str | None, int]:
    """Read "no officer, employee or agent shall ...": the bar runs from "no" through the auxiliary."""
    for offset, later in enumerate(stems[index + 1 : index + 1 + _NEGATION_REACH]):
        if later in _SENTENCE_ENDS or later in ("not", "than"):
            break
        if later in _AUXILIARY:
            return (TURNED if _is_turned(stems, index + 2 + offset) else BAR), offset + 2
    return None, 1


def _not(stems: list[str], index: int, state: str) -> tuple[str | None, int]:
    """Read a bare "not": "does not apply", "is not required to", "do not ask"."""
    following = stems[index + 1] if index + 1 < len(stems) else ""
    previous = stems[index - 1] if index else ""
    if state in (TURNED, SAVE) or previous in ("or", "if", "but", "and") or following in _NOT_BARRING:
        return None, 1
    if following in ("requir", "oblig", "compel", "apply", "affect", "creat", "confer") or previous == "need":
        return SAVE, 2
    if _is_turned(stems, index + 1):
        return (SAVE if previous == "do" else TURNED), 1
    return BAR, 1


def _is_hedged(stems: list[str], start: int) -> bool:
    """Tell whether a permission is given only under conditions: "may only", or "only if" later in its sentence."""
    for index in range(start, min(len(stems) - 1, start + _HEDGE_REACH)):
        word = stems[index]
        if word == ";" or (word in _FULL_STOPS and not _is_abbreviation(stems, index)):
            return False
        if word == "only" and (index == start or stems[index + 1] in _HEDGES):
            return True
    return False


def _is_turned(stems: list[str], start: int) -> bool:
    """Tell whether a barred act is itself a refusal, so that the bar enables: "shall not in any way limit"."""
    return any(word in _TURNING for word in stems[start : start + 5])
