"""A trained classifier: loading it safely, and turning clauses into provisions; knows nothing of training or storage."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.classify import conditions as rules_of_text
from nlp.classify.consistency import settle
from nlp.classify.corpus import clause_text
from nlp.classify.exceptions import link_exceptions
from nlp.classify.features import features
from nlp.classify.modality import modality
from nlp.classify.reading import ClauseText, Reading, read
from nlp.errors import ModelError
from nlp.records import Clause, Condition, Cue, Label, Modality, Provision, Stance, to_json
from nlp.taxonomy import Taxonomy, codebook

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from nlp.classify.estimator import Matrix

TRUSTED = frozenset(("nlp.classify.estimator.FieldScaler", "nlp.classify.estimator.as_given"))
"""The only types beyond skops' own list that a model file may hold."""

FORMAT = 1
"""Version of the model directory's layout. Raise it when `Manifest` loses or redefines a field, and refuse what is newer."""

_BATCH = 2048


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model directory says of its model, in ``model.json``.

    `sha256` is of ``model.skops``; `lines` and `thresholds` hold calibration and decision threshold of each label; `words` is
    the longest word n-gram; `exclusive` says that every clause has exactly one label; `doubt` is the confidence below which the
    model abstains; `corpus` is the SHA-256 of what it was trained on.
    """

    format: int
    name: str
    version: str
    sha256: str
    labels: tuple[str, ...]
    lines: tuple[tuple[float, float], ...]
    thresholds: tuple[float, ...]
    words: int
    exclusive: bool
    doubt: float
    corpus: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of a clause: labels above their thresholds, best first, and how sure it is of the whole."""

    labels: tuple[Label, ...]
    guesses: tuple[Label, ...]
    modality: Modality
    stance: Stance
    confidence: float
    abstained: bool
    reading: Reading


class Classifier:
    """A loaded model. Safe to share between calls; not to be changed."""

    def __init__(self, manifest: Manifest, pipeline: Pipeline, taxonomy: Taxonomy | None = None) -> None:
        self.manifest = manifest
        self.pipeline = pipeline
        self.taxonomy = taxonomy or codebook()

    @classmethod
    def load(cls, directory: Path | None = None) -> Classifier:
        """Load a model directory, or the model that ships with clausedex.

        Raises `ModelError` where the directory is no model, its file was altered, or it holds a type outside `TRUSTED`.
        """
        return load(directory or shipped_model())

    def with_doubt(self, chances: Matrix, share: float) -> Classifier:
        """Return this model set to abstain on the given share of clauses like those of `chances`, the least certain."""
        import numpy as np

        sure = [self._sureness(row) for row in chances]
        return Classifier(replace(self.manifest, doubt=round(float(np.quantile(sure, share)), 6)), self.pipeline, self.taxonomy)

    def _sureness(self, chances: Sequence[float]) -> float:
        return float(max(chances)) if self.manifest.exclusive else _confidence(chances, self.manifest.thresholds)

    @property
    def name(self) -> str:
        """Return ``name@version``, as provisions carry it."""
        return f"{self.manifest.name}@{self.manifest.version}"

    @cached_property
    def linear(self) -> tuple[Matrix, Matrix]:
        """Weights and offsets of the linear models, gathered once."""
        from nlp.classify.estimator import linear_parts

        return linear_parts(self.pipeline)

    @cached_property
    def feature_names(self) -> list[str]:
        """Names of the model's features, by column."""
        return list(self.pipeline[0].get_feature_names_out())

    def scores(self, readings: Sequence[Reading]) -> Matrix:
        """Return calibrated probabilities, clauses x labels."""
        import numpy as np

        from nlp.classify.estimator import probabilities

        weights, offsets = self.linear
        counts = self.pipeline[0].transform([features(reading, self.manifest.words) for reading in readings])
        return probabilities(self.pipeline[1].transform(counts) @ weights + offsets, np.array(self.manifest.lines))

    def predict(self, clauses: Sequence[ClauseText]) -> list[Prediction]:
        """Classify clauses, in order."""
        found: list[Prediction] = []
        for start in range(0, len(clauses), _BATCH):
            readings = [read(clause) for clause in clauses[start : start + _BATCH]]
            found.extend(self._decide(reading, row) for reading, row in zip(readings, self.scores(readings), strict=True))
        return found

    def _decide(self, reading: Reading, chances: Sequence[float]) -> Prediction:
        manifest = self.manifest
        ranked = sorted(range(len(manifest.labels)), key=lambda index: -chances[index])
        guesses = tuple(Label(manifest.labels[index], round(float(chances[index]), 4)) for index in ranked[:2])
        if manifest.exclusive:
            chosen = {guesses[0].name: guesses[0].score}
        else:
            above = {
                manifest.labels[index]: round(float(chances[index]), 4)
                for index in ranked
                if chances[index] >= manifest.thresholds[index]
            }
            chosen = settle(above, self.taxonomy, reading)
        confidence = self._sureness(chances)
        labels = tuple(Label(name, score) for name, score in sorted(chosen.items(), key=lambda item: -item[1]))
        return Prediction(
            labels=labels,
            guesses=guesses,
            modality=modality(reading),
            stance=self.taxonomy.stance_of(chosen),
            confidence=confidence,
            abstained=confidence < manifest.doubt,
            reading=reading,
        )

    def provisions(self, clauses: Sequence[Clause]) -> list[Provision]:
        """Classify the clauses of one document, in order, and link exceptions to the rules they limit."""
        texts = [ClauseText(clause.text, clause.lead_in or "", " ".join(clause.heading[-2:])) for clause in clauses]
        found = [
            self._provision(clause, text, prediction)
            for clause, text, prediction in zip(clauses, texts, self.predict(texts), strict=True)
        ]
        return link_exceptions(found)

    def _provision(self, clause: Clause, text: ClauseText, prediction: Prediction) -> Provision:
        reading = prediction.reading
        return Provision(
            clause=clause,
            labels=prediction.labels,
            stance=prediction.stance,
            modality=prediction.modality,
            conditions=rules_of_text.conditions(text.text),
            cues=self.explain(prediction, text.text),
            model=self.name,
            actor=rules_of_text.actor(reading, text.text, clause.lead_in),
            abstained=prediction.abstained,
            guesses=prediction.guesses if prediction.abstained else (),
        )

    def explain(self, prediction: Prediction, text: str) -> tuple[Cue, ...]:
        """Return the words behind a prediction: what sets its force, and for each label the words that weighed most."""
        from nlp.classify.explanation import label_cues

        return rules_of_text.force_cues(prediction.reading, text) + label_cues(self, prediction, text)

    def rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Classify rows ``{"id", "text", "heading"?, "lead_in"?}`` for ``classify --clauses``."""
        texts = [clause_text(dict(row)) for row in rows]
        return [
            {
                "id": row.get("id"),
                "labels": [asdict(label) for label in prediction.labels],
                "stance": prediction.stance,
                "modality": prediction.modality,
                "conditions": to_json(rules_of_text.conditions(text.text)),
                "cues": to_json(self.explain(prediction, text.text)),
                "abstained": prediction.abstained,
                "guesses": to_json(prediction.guesses if prediction.abstained else ()),
                "model": self.name,
            }
            for row, text, prediction in zip(rows, texts, self.predict(texts), strict=True)
        ]


def _confidence(chances: Sequence[float], limits: Sequence[float]) -> float:
    """Estimate the chance that every label was decided rightly: each label's distance from its threshold, multiplied up.

    A probability is first bent so that the label's own threshold, not one half, is the point of most doubt.
    """
    confidence = 1.0
    for chance, limit in zip(chances, limits, strict=True):
        bent = 0.5 * chance / limit if chance < limit else 0.5 + 0.5 * (chance - limit) / (1 - limit)
        confidence *= max(bent, 1 - bent)
    return float(confidence)


def shipped_model() -> Path:
    """Return the directory of the model that comes with the package: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "shipped" / "models" / "default", package.parent / "models" / "default"):
        if (candidate / "model.json").is_file():
            return candidate
    raise ModelError("the shipped model is missing; reinstall clausedex, or train one with 'clausedex train --out DIR'")


def load(directory: Path) -> Classifier:
    """Load a model directory after checking its hash and its types."""
    from skops.io import get_untrusted_types
    from skops.io import load as load_skops

    manifest = read_manifest(directory)
    file = directory / "model.skops"
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f"{file}: {error.strerror}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != manifest.sha256:
        raise ModelError(f"{file}: altered since it was trained (SHA-256 {found[:12]}..., recorded {manifest.sha256[:12]}...)")
    try:
        unknown = sorted(set(get_untrusted_types(file=file)) - TRUSTED)
    except Exception as error:  # noqa: BLE001  # a file that is no skops archive can fail in any way inside zipfile or skops
        raise ModelError(f"{file}: not a skops model ({type(error).__name__}: {error})") from error
    if unknown:
        raise ModelError(f"{file}: holds types that are not trusted: {', '.join(unknown[:5])}")
    return Classifier(manifest, load_skops(file, trusted=sorted(TRUSTED)))


def read_manifest(directory: Path) -> Manifest:
    """Read and check ``model.json``."""
    file = directory / "model.json"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        manifest = Manifest(
            **{
                **data,
                "labels": tuple(data["labels"]),
                "lines": tuple((float(a), float(b)) for a, b in data["lines"]),
                "thresholds": tuple(map(float, data["thresholds"])),
            }
        )
    except OSError as error:
        raise ModelError(f"{directory}: not a model directory ({file.name}: {error.strerror})") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{file}: not a model manifest ({error})") from error
    if manifest.format > FORMAT:
        raise ModelError(
            f"{directory}: model format {manifest.format} is newer than this program knows ({FORMAT}); update clausedex"
        )
    return manifest


def save(classifier: Classifier, directory: Path) -> Classifier:
    """Write a model directory and return the classifier with the hash of what was written."""
    from skops.io import dumps

    data = dumps(classifier.pipeline)
    manifest = replace(classifier.manifest, sha256=hashlib.sha256(data).hexdigest())
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.skops").write_bytes(data)
    (directory / "model.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    return Classifier(manifest, classifier.pipeline, classifier.taxonomy)
