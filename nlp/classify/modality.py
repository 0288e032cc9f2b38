"""The modality of a clause: what its main clause does to whoever it binds; knows nothing of labels.

The first operative sentence decides; an item takes the modality of its lead-in. Opening conditions ("If ...,", "Upon ...,")
and relative clauses are skipped, since their verbs are not the rule's.
"""

from __future__ import annotations

from functools import lru_cache

from nlp.classify.force import BAR, DUTY, LIMITED, MAY, SAVE, TURNED
from nlp.classify.reading import KEPT, Reading
from nlp.records import Modality

_BY_FORCE: dict[str, Modality] = {
    DUTY: "obligation",
    MAY: "permission",
    LIMITED: "permission",
    BAR: "prohibition",
    TURNED: "prohibition",
    SAVE: "exemption",
}
_OPENERS = frozenset(
    (
        "if",
        "when",
        "where",
        "whenever",
        "upon",
        "unless",
        "except",
        "in",
        "on",
        "before",
        "after",
        "for",
        "to",
        "notwithstand",
        "subject",
        "absent",
        "within",
        "while",
        "as",
        "until",
        "at",
        "prior",
        "without",
        "pursuant",
        "once",
        "during",
        "should",
        "because",
        "although",
        "since",
    )
)
_DEPENDENT = frozenset(("who", "that", "which", "whom", "whose", "whether", "what", "if", "when", "where"))
_RELATIVE = frozenset(("who", "that", "which", "whom", "whose", "whether", "what"))
_DEFINING = frozenset(("means", "denot"))
_TELLING = _DEFINING | frozenset(("shall", "may", "must", "will", "responsibl", "cannot", "have", "be", "includ", "refer"))
"""The words at which a definition, or a rule that is none, can be told."""
_TEXTS = frozenset(
    (
        "section",
        "subsection",
        "chapter",
        "act",
        "articl",
        "titl",
        "subdivision",
        "paragraph",
        "ordinanc",
        "subchapter",
        "part",
        "policy",
        "subtitl",
        "provision",
        "agreement",
        "moa",
        "memorandum",
    )
)
_FREED = frozenset(
    ("liabl", "apply", "applicabl", "extend", "oblig", "obligation", "requir", "responsibl", "waiv", "bound", "entitl")
)
"""What one is not, or need not do, where a text frees from a duty or keeps itself from giving a right."""

_POWERS = frozenset(("access", "power", "authority", "right", "discretion", "option"))
_DEEMING = frozenset(("deem", "consider", "treat", "presum", "regard", "constru"))
_NONE_GIVEN = frozenset(
    ("liability", "claim", "right", "benefit", "duty", "obligation", "tenancy", "partnership", "presumption", "action")
)
_COUNTED = frozenset(("later", "more", "less", "fewer", "sooner", "earlier", "longer", "event", "case", "other", "cost", "charg"))
"""Words after which "no" counts or concedes and bars nothing: "no later than", "at no cost"."""

_GRANTED = frozenset(("power", "authority", "right"))
_GRANTING = frozenset(("delegat", "authoriz", "empower", "entitl", "permit"))
_REFUSING = frozenset(("refus", "declin", "deny", "withhold", "reject"))
_PENAL = frozenset(("guilty", "misdemeanor", "felony", "infraction", "void", "inadmissibl"))
_STRONG = frozenset(("shall", "may", "must", "will", "no", "neither", "nothing", "cannot", "can"))


@lru_cache(maxsize=KEPT)
def modality(reading: Reading) -> Modality:
    """Say what the main clause of the first operative sentence is."""
    stems = reading.tokens.stems
    if _defines(reading):
        return "definition"
    end = _first_operative_end(reading)
    start = _main_clause(stems, end)
    triggers = [trigger for trigger in reading.force.triggers if trigger[0] < end]
    main = [trigger for trigger in triggers if trigger[0] >= start and not _in_relative(stems, trigger[0], start)]
    # "an agency that has not met the standard shall ...": the auxiliary is the rule's, a bare "not" may be a condition's
    strong = [trigger for trigger in main if not _STRONG.isdisjoint(stems[trigger[0] : trigger[1]])]
    if (grant := _grants(stems, start, strong[0][0] if strong else end)) is not None:
        return grant
    if _states_purpose(stems, start):
        return "statement"
    if main and (not _PENAL.isdisjoint(stems[start : main[0][0]]) or _begins_to_hold(stems[start : main[0][0]])):
        return "statement"
    if ruling := strong or main or triggers:
        return _by_trigger(stems, start, ruling[0])
    if any(word == "responsibl" and "be" in stems[max(0, index - 3) : index] for index, word in enumerate(stems[:end])):
        return "obligation"
    return "exemption" if _asks_nothing(stems, start) else "statement"


def _by_trigger(stems: list[str], start: int, trigger: tuple[int, int, str]) -> Modality:
    """Say what the words that set the force of the main clause make of it."""
    first, last, state = trigger
    if state in (DUTY, MAY, LIMITED):
        if _takes_effect(stems, last) or _deems(stems, start, first, last) or "represent" in stems[max(start, first - 4) : first]:
            return "statement"
        if "unlawful" in stems[last : last + 3]:
            return "prohibition"
        if state == DUTY and _empowers(stems, last):
            return "permission"
        if state == DUTY and _gives_none(stems, first, last):
            return "prohibition"
        return _BY_FORCE[state]
    if state == BAR and stems[first] == "not" and _states_fact(stems, first):
        return "statement"
    if state in (BAR, TURNED) and (_speaks_of_itself(stems, start, first) or _frees(stems, first, last)):
        return "exemption"
    if state == BAR and not _REFUSING.isdisjoint(stems[first + 1 : first + 2]):
        if stems[first] in ("shall", "must", "will"):
            return "obligation"
        if stems[first] in ("may", "can"):
            return "permission"
    return _BY_FORCE[state]


def _empowers(stems: list[str], last: int) -> bool:
    """Tell a duty in form that gives a power: "shall have access to", "shall exercise discretion"."""
    return (stems[last : last + 1] == ["have"] and not _POWERS.isdisjoint(stems[last + 1 : last + 4])) or (
        stems[last : last + 1] == ["exercis"] and "discretion" in stems[last + 1 : last + 4]
    )


def _states_fact(stems: list[str], first: int) -> bool:
    """Tell a bare "not" that says what a thing is not: "is not a conviction", "does not constitute consent"."""
    before, after = stems[max(0, first - 1) : first], stems[first + 1 : first + 2]
    return (before == ["be"] and after in (["a"], ["an"])) or (before == ["do"] and after in (["constitut"], ["mean"]))


def _asks_nothing(stems: list[str], start: int) -> bool:
    """Tell a sentence without auxiliary that frees: "no right is conferred", "no officer is liable", "has no duty to"."""
    opening = next((index for index in range(start, len(stems)) if len(stems[index]) > 1), 0)
    if stems[opening : opening + 1] in (["no"], ["neither"]):
        return not _NONE_GIVEN.isdisjoint(stems[opening + 1 : opening + 3]) or "liabl" in stems[opening + 1 : opening + 12]
    return any(
        stems[index : index + 2] == ["have", "no"]
        and not {"duty", "obligation", "application"}.isdisjoint(stems[index + 2 : index + 4])
        for index in range(start, len(stems))
    )


def _begins_to_hold(subject: list[str]) -> bool:
    """Tell a sentence whose first verb says what a text is or since when: "this agreement becomes effective ... and will"."""
    return not {"constitut", "severabl"}.isdisjoint(subject[:14]) or any(
        subject[index : index + 2] in (["becom", "effectiv"], ["be", "effectiv"], ["tak", "effect"])
        for index in range(len(subject))
    )


def _states_purpose(stems: list[str], start: int) -> bool:
    """Tell a sentence that says what the text is for or what its makers understand."""
    for index in range(start, min(start + 16, len(stems) - 3)):
        if stems[index : index + 3] == ["it", "be", "the"] and stems[index + 3] in ("purpos", "intention", "intent"):
            return True
    opening = stems[start : start + 10]
    return any(word in opening for word in ("purpos", "intention", "intent", "whereas")) and "be" in stems[start : start + 16]


def _speaks_of_itself(stems: list[str], start: int, index: int) -> bool:
    """Tell whether the bar's subject is the text: "This section shall not limit ...", "Subsection (b) is not applicable"."""
    while "." in stems[start:index]:  # past "Section 6." and run-in headings
        start = stems.index(".", start) + 1
    subject = [word for word in stems[start:index] if word.isalpha() and len(word) > 1]
    return bool(subject) and len(subject) <= 4 and any(word in _TEXTS for word in subject[:2])


def _frees(stems: list[str], first: int, last: int) -> bool:
    """Tell whether a bar frees instead: "is not liable", "shall not affect", "no action lies", "confers no right"."""
    if stems[last : last + 1] == ["affect"]:
        return True
    if "shall" in stems[first:last] or "may" in stems[first:last] or "must" in stems[first:last]:
        return False
    if stems[first] == "no":
        return not _NONE_GIVEN.isdisjoint(stems[last : last + 2]) or "liabl" in stems[last : last + 8]
    return not _FREED.isdisjoint(stems[last : last + 2])


def _gives_none(stems: list[str], first: int, last: int) -> bool:
    """Tell a duty turned into a bar by what follows or precedes: "shall make no inquiry", "shall release no one", "nor shall"."""
    if first and stems[first - 1] == "nor":
        return True
    return any(
        stems[index] == "no" and stems[index + 1 : index + 2] and stems[index + 1] not in _COUNTED and stems[index - 1] != "at"
        for index in range(last, min(last + 3, len(stems) - 1))
    )


def _defines(reading: Reading) -> bool:
    """Tell a definition: by its own words, by the lead-in it completes, or by standing under a heading of definitions."""
    stems, own = reading.tokens.stems, reading.own
    parts = [stems[own:], stems[:own]] if own else [stems]
    return any(_opens_definitions(part[:24]) or _gives_meaning(part) for part in parts) or _under_definitions(reading)


def _gives_meaning(stems: list[str]) -> bool:
    """Find "means", "has the meaning" or, after a quoted term, "includes", before any auxiliary of the first sentence."""
    head = _sentence(stems, 45)
    quoted = '"' in head[:12]
    excluding = quoted and "not" in head
    for index, word in enumerate(head):
        if word not in _TELLING and not excluding:
            continue
        following = head[index + 1 : index + 5]
        if word in ("shall", "may") and (quoted or "term" in head[:index]) and following[:1] in (["mean"], ["includ"]):
            return True
        if word in ("shall", "may", "must") and following[:1] not in (["mean"], ["includ"], ["have"], ["not"], ["refer"]):
            return False
        if word in ("will", "responsibl", "cannot"):
            return False
        if (
            word in _DEFINING and head[max(0, index - 1) : index] not in (["a"], ["any"], ["no"], ["the"], ["other"], ["all"])
        ) or (word == "have" and not {"mean", "meaning"}.isdisjoint(following)):
            return True
        if word == "be" and following[:1] == ["defin"]:
            return True
        if quoted and (word in ("includ", "refer") or following[:2] == ["not", "includ"]):
            return True
    return False


def _opens_definitions(opening: list[str]) -> bool:
    """Tell a lead-in such as "As used in this section:" or "the following terms have the meanings"."""
    text = " ".join(opening)
    return (
        ("as use in" in text and '"' not in opening[:3])
        or "definition" in opening[:6]
        or "follow term" in text
        or "follow definition" in text
    )


def _under_definitions(reading: Reading) -> bool:
    """Tell a clause without any force of its own under a heading of definitions, such as "Playground: land used for"."""
    if "definition" not in reading.heading.stems:
        return False
    return not any(first >= reading.own for first, _, _ in reading.force.triggers)


def _sentence(stems: list[str], most: int) -> list[str]:
    """Return the words up to the first full stop that closes a sentence, not an enumerator."""
    for index, word in enumerate(stems[:most]):
        if word == "." and index > 5 and len(stems[index - 1]) > 3:
            return stems[:index]
    return stems[:most]


def _first_operative_end(reading: Reading) -> int:
    """Return the token after the first sentence that holds a force at all, or after the last token."""
    begin = 0
    for bound in [*reading.bounds, len(reading.tokens)]:
        if any(begin <= first < bound for first, _, _ in reading.force.triggers):
            return bound
        begin = bound
    return len(reading.tokens)


def _main_clause(stems: list[str], end: int) -> int:
    """Return where the main clause begins: after the comma that closes an opening condition."""
    start = 0
    while start < min(end, 6) and (len(stems[start]) <= 2 or stems[start] in "().;:" or stems[start][0].isdigit()):
        if stems[start] in _OPENERS:
            break
        start += 1
    if start < end and stems[start] in _OPENERS:
        for index in range(start + 1, min(end, start + 60)):
            if stems[index] == "," and index + 1 < end and not _continues(stems, index + 1):
                return index + 1
    return 0


def _continues(stems: list[str], index: int) -> bool:
    """Tell whether the words after a comma still belong to a list or condition rather than to the main clause."""
    return stems[index] in ("or", "and", "includ", "if", "when", "but", "unless") or stems[index] in _RELATIVE


def _in_relative(stems: list[str], index: int, start: int) -> bool:
    """Tell whether an auxiliary stands in a relative or dependent clause: "who may", "believe that the person will"."""
    near = stems[max(start, index - 4) : index]
    return bool(near) and near[-1] != "," and not _DEPENDENT.isdisjoint(near)


def _grants(stems: list[str], start: int, end: int) -> Modality | None:
    """Find a grant of power that has no "may": "the power and authority to", "are delegated", "reserves the right"."""
    window = stems[start : min(end + 6, start + 40)]
    for index, word in enumerate(window):
        if word not in _GRANTING and word not in _GRANTED:
            continue
        following = window[index + 1 : index + 4]
        if word in _GRANTED and (
            "to" in following[:1] or following[:1] == ["and"] or window[index - 2 : index] == ["shall", "have"]
        ):
            before = window[max(0, index - 4) : index]
            if not {"have", "reserv", "retain", "grant", "be"}.isdisjoint(before):
                return "permission"
        before = window[max(0, index - 4) : index]
        if (
            word in _GRANTING
            and "be" in before[-3:]
            and {"not", "have", "represent"}.isdisjoint(before)  # "has been delegated" tells, "represents it is authorized" too
        ):
            return "permission"
    return None


def _deems(stems: list[str], start: int, first: int, last: int) -> bool:
    """Tell a duty in form that orders nobody: "shall be deemed", "shall have jurisdiction", "this section shall apply to"."""
    following = stems[last : last + 3]
    if following[:1] == ["be"] and not _DEEMING.isdisjoint(following[1:]):
        return True
    return following[:2] == ["have", "jurisdiction"] or (following[:1] == ["apply"] and _speaks_of_itself(stems, start, first))


def _takes_effect(stems: list[str], index: int) -> bool:
    following = " ".join(stems[index : index + 4])
    return following.startswith(
        ("tak effect", "take effect", "be effectiv", "becom effectiv", "be known", "be cit", "go into effect")
    )
