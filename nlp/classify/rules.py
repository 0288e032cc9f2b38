"""Weak rules over concepts and forces: each votes for a label, none decides; knows the rule file's grammar."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from nlp.classify.force import BAR, DUTY, LIMITED, MAY, NONE, SAVE, TURNED
from nlp.classify.reading import Reading

PAIR_REACH = 14
"""Two concepts form a pair when at most this many words lie between them."""

_FORCES = frozenset((NONE, DUTY, MAY, LIMITED, BAR, SAVE, TURNED))


@dataclass(frozen=True)
class Rule:
    """One weak rule, named by label and number: every set of `wanted` must meet the sentence, `banned` must not."""

    name: str
    label: str
    wanted: tuple[frozenset[str], ...]
    banned: frozenset[str]

    @cached_property
    def voiced(self) -> tuple[str, ...]:
        """Return the concepts it wants, whatever their force, each as often as it is named."""
        return tuple(concept for part in self.wanted for name in part if ">" not in (concept := name.rpartition(":")[2]))

    def holds(self, sentence: set[str]) -> bool:
        """Tell whether the rule speaks for a sentence."""
        for part in self.wanted:
            if part.isdisjoint(sentence):
                return False
        return self.banned.isdisjoint(sentence)


def parse(label: str, number: int, text: str) -> Rule:
    """Read a rule as written in the rule file."""
    wanted: list[frozenset[str]] = []
    banned: set[str] = set()
    for part in text.split():
        names = _names(part.removeprefix("-"))
        if part.startswith("-"):
            banned |= names
        else:
            wanted.append(frozenset(names))
    return Rule(f"{label}/{number}", label, tuple(wanted), frozenset(banned))


def _names(part: str) -> set[str]:
    if part in _FORCES:
        return {f"{part}:"}
    forces, _, concepts = part.rpartition(":")
    first, _, second = concepts.partition(">")
    names = {f"{a}>{b}" for a in first.split("|") for b in second.split("|")} if second else set(first.split("|"))
    return {f"{force}:{name}" for force in forces for name in names} if forces else names


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules that ship with clausedex."""
    data = tomllib.loads(files("nlp.classify").joinpath("rules.toml").read_text(encoding="utf-8"))
    return tuple(parse(label, number, text) for label, texts in data["rule"].items() for number, text in enumerate(texts, 1))


@cache
def rules_by_name() -> dict[str, Rule]:
    """Return the same rules, each under its name."""
    return {rule.name: rule for rule in rules()}


@cache
def _openers() -> dict[str, frozenset[str]]:
    """Map each concept that ends an ordered pair of some rule to the concepts that may open it."""
    openers: dict[str, set[str]] = {}
    for rule in rules():
        for name in rule.banned.union(*rule.wanted):
            first, _, second = name.rpartition(":")[2].partition(">")
            if second:
                openers.setdefault(second, set()).add(first)
    return {second: frozenset(firsts) for second, firsts in openers.items()}


def sentences(reading: Reading) -> list[set[str]]:
    """Return, for each sentence, what it holds: ``CONCEPT``, ``F:CONCEPT``, ``A>B``, ``F:A>B`` and ``F:`` for a force at all.

    Of pairs only those are listed that some rule speaks of.
    """
    found: list[set[str]] = []
    states, bounds, openers = reading.force.states, reading.bounds, _openers()
    index, current, recent = 0, set[str](), list[tuple[int, str, str]]()
    for concept, first, last in reading.hits:
        while index < len(bounds) and first >= bounds[index]:
            found.append(current)
            current, recent = set(), []
            index += 1
        state = states[first]
        current.update((concept, f"{state}:{concept}", f"{state}:"))
        if state == LIMITED:  # a hedged permission is a permission too
            current.update((f"{MAY}:{concept}", f"{MAY}:"))
        if opening := openers.get(concept):
            for at, other, other_state in recent:
                if other in opening and first - at <= PAIR_REACH:
                    current.add(f"{other}>{concept}")
                    current.add(f"{other_state}:{other}>{concept}")
                    if other_state == LIMITED:
                        current.add(f"{MAY}:{other}>{concept}")
        recent.append((last, concept, state))
    found.append(current)
    return [sentence for sentence in found if sentence]


@cache
def _by_key() -> dict[str, tuple[Rule, ...]]:
    """Index the rules by the names of their narrowest part: a sentence without any of them cannot satisfy the rule."""
    index: dict[str, list[Rule]] = {}
    for rule in rules():
        narrowest = max(rule.wanted, key=lambda part: (sum(":" in name or ">" in name for name in part), -len(part)))
        for name in narrowest:
            index.setdefault(name, []).append(rule)
    return {name: tuple(found) for name, found in index.items()}


def votes(reading: Reading) -> set[str]:
    """Return the names of the rules that speak for some sentence of a clause."""
    index = _by_key()
    said: set[str] = set()
    for sentence in sentences(reading):
        for name in sentence & index.keys():
            for rule in index[name]:
                if rule.name not in said and rule.holds(sentence):
                    said.add(rule.name)
    return said
