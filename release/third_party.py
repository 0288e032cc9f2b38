"""Lists what clausedex needs to run, with versions and licences, and writes THIRD_PARTY.md; it reads only what is installed.

    python -m release.third_party

Run it where '.[cluster,fast,postgres,remote]' was installed with constraints.txt.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.metadata import metadata, requires, version
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parents[1]
OUT = HERE / "THIRD_PARTY.md"
EXTRAS = ("cluster", "fast", "postgres", "remote")
OLDEST = {"python_version": "3.11", "python_full_version": "3.11.0"}
"""Markers are weighed for the oldest Python supported, so that the list does not depend on the one that makes it."""

READ = {"huey": "MIT", "skops": "MIT"}
"""Licences that stand only in the text that the package brings, read there."""

PAGE = """# What clausedex is built on

Made by `python -m release.third_party` from what the packages state themselves; a test holds the names to what is needed.
Versions are those of `constraints.txt`. Wheels with compiled parts bring along the licences of the libraries inside them; among
those, numpy and scipy hold GCC's run-time libraries, under the GPL with the exception that lets any program use them.

## Inside the package

| what | where | licence |
|---|---|---|
| English words by frequency (SymSpell, from Google Books Ngram and SCOWL) | `nlp/extract/data/words.txt` | MIT, CC BY 3.0 |

The notice stands beside it, in `words.LICENSE.txt`. Corpora, samples and the model are made here, under this project's licence.

## Needed by every installation

{core}
## Added by the extras {extras}

{optional}"""


def asked(lines: Iterable[str], extra: str = "") -> set[tuple[str, str]]:
    """Return what requirements ask for always, or what an extra of theirs adds, each with the extra it is asked with."""
    found: set[tuple[str, str]] = set()
    for requirement in map(Requirement, lines):
        if applies(requirement, extra) and not (extra and applies(requirement, "")):
            found |= {(canonicalize_name(requirement.name), each) for each in ("", *requirement.extras)}
    return found


def applies(requirement: Requirement, extra: str) -> bool:
    """Tell whether a requirement holds on this system, for the oldest Python supported and an extra."""
    here = {name: str(value) for name, value in default_environment().items()}
    return requirement.marker is None or requirement.marker.evaluate({**here, **OLDEST, "extra": extra})


def with_all_below(first: set[tuple[str, str]]) -> set[str]:
    """Return packages with all that they need in turn."""
    seen: set[tuple[str, str]] = set()
    ahead = set(first)
    while ahead:
        name, extra = each = ahead.pop()
        seen.add(each)
        ahead |= asked(requires(name) or (), extra) - seen
    return {name for name, _ in seen}


def project() -> dict[str, Any]:
    """Return what the project says of itself."""
    said: dict[str, Any] = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return said


def core() -> set[str]:
    """Return the packages that every installation has."""
    return with_all_below(asked(project()["dependencies"]))


def optional() -> set[str]:
    """Return the packages that extras add."""
    return with_all_below(asked(line for extra in EXTRAS for line in project()["optional-dependencies"][extra])) - core()


def licence(name: str) -> str:
    """Return the licence that a package states: an SPDX expression, else its classifiers, else its own first line."""
    about = metadata(name)
    if "License-Expression" in about:
        return about["License-Expression"]
    told = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License :: ")]
    own = about["License"].strip().partition("\n")[0] if "License" in about else ""
    return ", ".join(line for line in told if line != "OSI Approved") or own or READ[name]


def table(names: set[str]) -> str:
    """Return packages as a table."""
    rows = [f"| {name} | {version(name)} | {licence(name)} |" for name in sorted(names)]
    return "\n".join(["| package | version | licence |", "|---|---|---|", *rows]) + "\n"


def listed() -> dict[str, str]:
    """Return the packages that the page names, with their licences."""
    rows = [line.strip("| ").split(" | ") for line in OUT.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {row[0]: row[2] for row in rows if row[1][:1].isdigit()}


if __name__ == "__main__":
    extras = ", ".join(f"`{extra}`" for extra in EXTRAS)
    OUT.write_text(PAGE.format(core=table(core()), extras=extras, optional=table(optional())), encoding="utf-8")
