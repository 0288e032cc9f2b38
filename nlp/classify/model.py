"""A trained classifier: loading it safely, and turning clauses into provisions; knows nothing of training or storage."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED

from nlp.classify import conditions as rules_of_text
from nlp.classify.consistency import settle
from nlp.classify.corpus import clause_text, document_of
from nlp.classify.exceptions import link_exceptions
from nlp.classify.features import features
from nlp.classify.leads import with_whole_leads
from nlp.classify.modality import modality
from nlp.classify.prediction import Prediction
from nlp.classify.reading import ClauseText, Place, Reading, read
from nlp.errors import ModelError
from nlp.records import Clause, Cue, Label, Provision, to_json
from nlp.taxonomy import Taxonomy, codebook

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.pipeline import Pipeline

    from nlp.classify.estimator import Matrix
    from nlp.classify.explanation import Explainer
    from nlp.classify.prediction import Weighed

TRUSTED = frozenset(f"nlp.classify.estimator.{name}" for name in ("FeatureCounter", "FieldScaler", "LinearLabels"))
"""The only types beyond skops' own list that a model file may hold."""

FORMAT = 2
"""Version of the model directory's layout. Raise it when `Manifest` or a type of the pipeline changes."""

_BATCH = 2048


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model directory says of its model, in ``model.json``.

    `sha256` is of ``model.skops``; `lines` and `thresholds` hold calibration and decision threshold of each label; `words` is the
    longest word n-gram; `context_thresholds` are those of the second reading, which knows the clauses around, and empty where the
    corpus had no documents to learn one from; `exclusive` says that every clause has exactly one label; `doubt` is the confidence
    below which the model abstains; `corpus` is the SHA-256 of what it was trained on.
    """

    format: int
    name: str
    version: str
    sha256: str
    labels: tuple[str, ...]
    lines: tuple[tuple[float, float], ...]
    thresholds: tuple[float, ...]
    context_thresholds: tuple[float, ...]
    words: int
    exclusive: bool
    doubt: float
    corpus: str

    @property
    def full_name(self) -> str:
        """Return ``name@version``."""
        return f"{self.name}@{self.version}"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking again and again through the records made meanwhile, which hold no cycles.

    With tens of thousands of clauses in hand it would take a quarter of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Classifier:
    """A loaded model. Safe to share between calls; not to be changed."""

    def __init__(self, manifest: Manifest, pipeline: Pipeline, second: Matrix | None, taxonomy: Taxonomy | None = None) -> None:
        self.manifest = manifest
        self.pipeline = pipeline
        self.second = second
        self.taxonomy = taxonomy or codebook()

    @classmethod
    def load(cls, directory: Path | None = None) -> Classifier:
        """Load a model directory, or the model that ships with clausedex.

        Raises `ModelError` where the directory is no model, its file was altered, or it holds a type outside `TRUSTED`.
        """
        return load(directory or shipped_model())

    @property
    def name(self) -> str:
        """Return ``name@version``, as provisions carry it."""
        return self.manifest.full_name

    @cached_property
    def _explainer(self) -> Explainer:
        from nlp.classify.explanation import Explainer

        return Explainer(self.pipeline[0].names, self.pipeline[2].weights_, self.manifest.labels)

    @_uncollected()
    def predict(self, clauses: Sequence[ClauseText], places: Sequence[Place] | None = None) -> list[Prediction]:
        """Classify clauses, in order; `places` tells where each stands, so that those around it have their say."""
        import numpy as np

        from nlp.classify.estimator import probabilities

        if not clauses:
            return []
        readings = [read(clause) for clause in (with_whole_leads(clauses, places) if places else clauses)]
        rows = self._rows(readings)
        chances = probabilities(self.pipeline[2].decision_function(rows), np.array(self.manifest.lines))
        limits = np.tile(np.array(self.manifest.thresholds), (len(clauses), 1))
        if places and self.second is not None:
            from nlp.classify.context import alone, revise

            known = ~alone(places)
            chances[known] = revise(chances, places, self.second)[known]
            limits[known] = np.array(self.manifest.context_thresholds)
        chances = self._with_sentences(readings, chances)
        sure = confidence(chances, limits, exclusive=self.manifest.exclusive).tolist()
        ranked = np.argsort(-chances, axis=1, kind="stable").tolist()
        parts = [slice(*bounds) for bounds in pairwise(rows.indptr.tolist())]
        weighed = [(rows.indices[part], rows.data[part]) for part in parts]
        each = zip(readings, chances.tolist(), (chances >= limits).tolist(), ranked, sure, weighed, strict=True)
        return [self._decide(*one) for one in each]

    def _with_sentences(self, readings: Sequence[Reading], chances: Matrix) -> Matrix:
        """Let the sentences of long clauses have their say; not where a clause has one label alone, the loudest."""
        import numpy as np

        from nlp.classify.estimator import probabilities
        from nlp.classify.paragraphs import raise_by_parts, sentences

        if self.manifest.exclusive:
            return chances
        parts = [(owner, part) for owner, reading in enumerate(readings) for part in sentences(reading)]
        if not parts:
            return chances
        scores = self.pipeline[2].decision_function(self._rows([part for _, part in parts]))
        return raise_by_parts(chances, probabilities(scores, np.array(self.manifest.lines)), [owner for owner, _ in parts])

    def _rows(self, readings: Sequence[Reading]) -> csr_matrix:
        """Return the scaled features, clauses x features."""
        from scipy.sparse import vstack

        counter, scaler = self.pipeline[0], self.pipeline[1]
        batches = (readings[start : start + _BATCH] for start in range(0, len(readings), _BATCH))
        rows = [
            scaler.transform(counter.transform([features(reading, self.manifest.words) for reading in batch]))
            for batch in batches
        ]
        return rows[0] if len(rows) == 1 else vstack(rows, format="csr")

    def _decide(
        self,
        reading: Reading,
        chances: Sequence[float],
        above: Sequence[bool],
        ranked: Sequence[int],
        sureness: float,
        weighed: Weighed,
    ) -> Prediction:
        """Put a prediction together; `above` tells which labels reach their thresholds, `ranked` lists all, best first."""
        names = self.manifest.labels
        guesses = tuple(Label(names[index], round(chances[index], 4)) for index in ranked[:2])
        if self.manifest.exclusive:
            chosen = {guesses[0].name: guesses[0].score}
        else:
            reached = {names[index]: round(chances[index], 4) for index in ranked if above[index]}
            chosen = settle(reached, self.taxonomy, reading)
        return Prediction(
            labels=tuple(Label(name, score) for name, score in sorted(chosen.items(), key=lambda item: -item[1])),
            guesses=guesses,
            modality=modality(reading),
            stance=self.taxonomy.stance_of(chosen),
            confidence=sureness,
            abstained=sureness < self.manifest.doubt,
            chances=tuple(chances),
            reading=reading,
            weighed=weighed,
        )

    @_uncollected()
    def provisions(self, clauses: Sequence[Clause]) -> list[Provision]:
        """Classify the clauses of one document, in order, and link exceptions to the rules they limit."""
        texts = [ClauseText(clause.text, clause.lead_in or "", " ".join(clause.heading[-2:])) for clause in clauses]
        places = [
            Place(clause.document_id, text.heading, text.lead_in, text.text) for clause, text in zip(clauses, texts, strict=True)
        ]
        predictions = self.predict(texts, places)
        cues = self.explain(predictions, texts)
        found = [
            Provision(
                clause=clause,
                labels=prediction.labels,
                stance=prediction.stance,
                modality=prediction.modality,
                conditions=rules_of_text.conditions(clause.text),
                cues=words,
                model=self.name,
                actor=rules_of_text.actor(prediction.reading, clause.text),
                abstained=prediction.abstained,
                guesses=prediction.guesses if prediction.abstained else (),
            )
            for clause, prediction, words in zip(clauses, predictions, cues, strict=True)
        ]
        return link_exceptions(found)

    def explain(self, predictions: Sequence[Prediction], clauses: Sequence[ClauseText]) -> list[tuple[Cue, ...]]:
        """Return the words behind each prediction: what sets its force, and for each label the words that weighed most."""
        return [
            rules_of_text.force_cues(prediction.reading, clause.text) + self._explainer.cues(prediction, clause.text)
            for prediction, clause in zip(predictions, clauses, strict=True)
        ]

    @_uncollected()
    def rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Classify rows ``{"id", "text", "heading"?, "lead_in"?}`` for ``classify --clauses``.

        Where rows name their document (``document``, ``doc`` or ``document_id``), those of one document are taken to stand in
        its order.
        """
        texts = [clause_text(dict(row)) for row in rows]
        places = [Place(document_of(row), text.heading, text.lead_in, text.text) for row, text in zip(rows, texts, strict=True)]
        predictions = self.predict(texts, places)
        return [
            {
                "id": row.get("id"),
                "labels": to_json(prediction.labels),
                "stance": prediction.stance,
                "modality": prediction.modality,
                "conditions": to_json(rules_of_text.conditions(text.text)),
                "cues": to_json(cues),
                "abstained": prediction.abstained,
                "guesses": to_json(prediction.guesses if prediction.abstained else ()),
                "model": self.name,
            }
            for row, text, prediction, cues in zip(rows, texts, predictions, self.explain(predictions, texts), strict=True)
        ]


def confidence(chances: Matrix, limits: Matrix, *, exclusive: bool = False) -> Matrix:
    """Estimate for each clause the chance that all labels were decided rightly: distances from the thresholds, multiplied up.

    `chances` and `limits` are clauses x labels, the result has one number a clause. A probability is first bent so that the
    label's own threshold, not one half, is the point of most doubt. Where labels exclude each other it is the best label's.
    """
    import numpy as np

    if exclusive:
        return np.asarray(chances.max(axis=1))
    bent = np.where(chances < limits, 0.5 * chances / limits, 0.5 + 0.5 * (chances - limits) / (1 - limits))
    return np.asarray(np.maximum(bent, 1 - bent).prod(axis=1))


def model_name(directory: Path | None = None) -> str:
    """Return the ``name@version`` of a model directory, or of the model that ships with clausedex, without loading the model."""
    return read_manifest(directory or shipped_model()).full_name


def described(directory: Path | None = None) -> tuple[Manifest, str]:
    """Return what a model directory says of its model, and its card (empty where there is none), without loading the model."""
    folder = directory or shipped_model()
    card = folder / "CARD.md"
    return read_manifest(folder), card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""


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
    except Exception as error:  # a file that is no skops archive can fail in any way inside zipfile or skops
        raise ModelError(f"{file}: not a skops model ({type(error).__name__}: {error})") from error
    if unknown:
        raise ModelError(f"{file}: holds types that are not trusted: {', '.join(unknown[:5])}")
    parts = load_skops(file, trusted=sorted(TRUSTED))
    return Classifier(manifest, parts["first"], parts["second"])


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
                "context_thresholds": tuple(map(float, data["context_thresholds"])),
            }
        )
    except OSError as error:
        raise ModelError(f"{directory}: not a model directory ({file.name}: {error.strerror})") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{file}: not a model manifest ({error})") from error
    if manifest.format != FORMAT:
        remedy = "update clausedex" if manifest.format > FORMAT else "train it anew"
        raise ModelError(f"{directory}: model format {manifest.format}, but this program reads format {FORMAT}; {remedy}")
    return manifest


def save(classifier: Classifier, directory: Path) -> Classifier:
    """Write a model directory and return the classifier with the hash of what was written."""
    from skops.io import dumps

    data = dumps({"first": classifier.pipeline, "second": classifier.second}, compression=ZIP_DEFLATED, compresslevel=9)
    manifest = replace(classifier.manifest, sha256=hashlib.sha256(data).hexdigest())
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.skops").write_bytes(data)
    (directory / "model.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    return Classifier(manifest, classifier.pipeline, classifier.second, classifier.taxonomy)
