"""A training run as it is recorded: parameters, data, figures, pictures, the model; it must not know how models are trained."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp import __version__
from nlp.registry import store
from nlp.registry.figures import cross_validated, errors_csv, held_out
from nlp.registry.store import Tracking
from nlp.registry.versions import CHALLENGER, INSIDE

if TYPE_CHECKING:
    from nlp.classify.corpus import Corpus, Example
    from nlp.classify.training import Training, Trial

MODEL = "model"
"""The artifact folder of the MLflow model."""

GOLD = "gold.jsonl"
"""The artifact that keeps the split that measures, as it was on the day."""

SEEN = "trained-on.txt"
"""The artifact that keeps a short hash of every clause the model was trained on."""

_BATCH = 900
"""Figures sent at once: MLflow takes a thousand."""
_SOURCE = {
    "clausedex.version": __version__,
    "mlflow.source.name": "clausedex train",
    "mlflow.source.type": "LOCAL",
    "mlflow.note.content": (
        "Figures under cv/ are of held-out folds of what trains, those under test/ of the split that never trains. The settings "
        "that were tried are runs inside this one. Among the artifacts are pictures, the errors of the folds, the clauses that "
        "measure, and what each gate found."
    ),
}
"""Tags of a run that MLflow's pages show."""


class Run:
    """A run that is open: `keep` records what came of the training."""

    def __init__(self, tracking: Tracking, run_id: str) -> None:
        self.tracking = tracking
        self.id = run_id
        self._children: dict[Trial, str] = {}

    def tried(self, trial: Trial) -> None:
        """Record a setting that was tried as a run inside this one, at once: a search that is interrupted keeps what it found."""
        client, setting = self.tracking.client, _setting(trial)
        with store.failing_as_ours(self.tracking.uri):
            name = ", ".join(f"{key} {value}" for key, value in setting.items())
            child = client.create_run(self.tracking.experiment(), tags={"mlflow.parentRunId": self.id}, run_name=name)
            inside = Run(self.tracking, child.info.run_id)
            inside._log(params=setting, metrics={"cv/micro": trial.micro})
            client.set_terminated(inside.id)
        self._children[trial] = inside.id

    def keep(self, training: Training, folder: Path, corpus: Corpus, corrections: Corpus | None = None) -> int:
        """Record a finished training and register its model, named by the alias ``challenger``; return the version's number.

        `corrections` are those clauses of the corpus that reviewers decided.
        """
        with store.failing_as_ours(self.tracking.uri):
            trained = [example for example in corpus.examples if example.split != "test"]
            self._parameters(training, len(trained))
            self._data(corpus, corrections)
            gold = [example for example in corpus.examples if example.split == "test"]
            self._figures(training, gold)
            chosen = self._children.get(training.trials[0])
            if chosen is not None:
                self.tracking.client.set_tag(chosen, "chosen", "yes")
            self._model(training, folder)
            self._clauses(trained, gold)
            self.tracking.client.update_run(self.id, name=training.classifier.name)
            return self._register(training, folder)

    def _parameters(self, training: Training, clauses: int) -> None:
        manifest = training.classifier.manifest
        given = {
            **_setting(training.trials[0]),
            "labels": len(manifest.labels),
            "clauses": clauses,
            "exclusive": manifest.exclusive,
        }
        self._log(params=given)

    def _data(self, corpus: Corpus, corrections: Corpus | None) -> None:
        from mlflow.entities import Dataset, DatasetInput, InputTag

        decided = {example.id for example in corrections.examples} if corrections else set()
        parts: dict[tuple[str, str], list[Example]] = defaultdict(list)
        for example in corpus.examples:
            origin = "corrections" if example.id in decided else "corpus"
            parts[origin, "testing" if example.split == "test" else "training"].append(example)
        inputs = []
        for (origin, name), examples in sorted(parts.items()):
            profile = json.dumps({"clauses": len(examples), "documents": len({example.document for example in examples})})
            source = json.dumps({"sha256": corpus.sha256})
            dataset = Dataset(f"{origin}-{name}", content_hash(examples)[:16], "local", source, profile=profile)
            inputs.append(DatasetInput(dataset, [InputTag("mlflow.data.context", name)]))
        self.tracking.client.log_inputs(self.id, inputs)

    def _figures(self, training: Training, gold: list[Example]) -> None:
        from nlp.registry import pictures

        inside = cross_validated(training)
        metrics = inside.metrics("cv")
        client = self.tracking.client
        client.log_figure(self.id, pictures.confusion(training, inside), "confusion.png")
        client.log_figure(self.id, pictures.calibration(training), "calibration.png")
        client.log_text(self.id, errors_csv(training, inside), "errors-cv.csv")
        if gold:
            outside = held_out(gold, training.classifier)
            metrics |= outside.metrics("test")
            client.log_text(self.id, outside.as_json(), "test.json")
        self._log(metrics=metrics)

    def _log(self, *, params: Mapping[str, object] | None = None, metrics: Mapping[str, float] | None = None) -> None:
        from mlflow.entities import Metric, Param

        now = int(time.time() * 1000)
        listed = [Metric(name, value, now, 0) for name, value in (metrics or {}).items()]
        given = [Param(name, str(value)) for name, value in (params or {}).items()]
        for at in range(0, max(len(listed), 1), _BATCH):
            self.tracking.client.log_batch(self.id, listed[at : at + _BATCH], given if at == 0 else [])

    def _model(self, training: Training, folder: Path) -> None:
        import mlflow.pyfunc
        import pandas as pd
        from mlflow.models import ModelSignature
        from mlflow.types import ColSpec, Schema

        from nlp.registry.flavour import COLUMN

        answers = ("labels", "stance", "modality", "model")
        with tempfile.TemporaryDirectory(prefix="clausedex-") as scratch:
            inside = Path(scratch) / Path(INSIDE).name
            inside.mkdir()
            for name in ("model.json", "model.skops"):
                shutil.copyfile(folder / name, inside / name)
            made = Path(scratch) / MODEL
            mlflow.pyfunc.save_model(
                str(made),
                loader_module="nlp.registry.flavour",
                data_path=str(inside),
                signature=ModelSignature(
                    Schema([ColSpec("string", COLUMN)]), Schema([ColSpec("string", name) for name in answers])
                ),
                input_example=pd.DataFrame({COLUMN: [training.examples[0].clause.text]}),
                pip_requirements=[f"clausedex=={__version__}"],
            )
            self.tracking.client.log_artifacts(self.id, str(made), MODEL)

    def _clauses(self, trained: list[Example], gold: list[Example]) -> None:
        """Keep what the model was trained on, in short, and the split that measures, whole."""
        client = self.tracking.client
        client.log_text(self.id, "".join(f"{line}\n" for line in sorted(set(map(short_hash, trained)))), SEEN)
        client.log_text(self.id, _environment(), "environment.txt")
        if gold:
            client.log_text(self.id, "".join(json.dumps(_row(example), ensure_ascii=False) + "\n" for example in gold), GOLD)

    def _register(self, training: Training, folder: Path) -> int:
        from mlflow.exceptions import MlflowException

        client, manifest = self.tracking.client, training.classifier.manifest
        try:
            client.get_registered_model(manifest.name)
        except MlflowException:
            client.create_registered_model(manifest.name)
        tags = {
            "model": training.classifier.name,
            "sha256": manifest.sha256,
            "manifest_sha256": hashlib.sha256((folder / "model.json").read_bytes()).hexdigest(),
            "corpus_sha256": manifest.corpus,
        }
        made = client.create_model_version(manifest.name, source=f"runs:/{self.id}/{MODEL}", run_id=self.id, tags=tags)
        client.set_registered_model_alias(manifest.name, CHALLENGER, made.version)
        return int(made.version)


@contextmanager
def recording(params: Mapping[str, object]) -> Iterator[Run]:
    """Open a run for the block; it ends as finished, failed, or killed where the block was interrupted or told to end.

    Raises `TrackingError` where the store cannot be used.
    """
    tracking = store.opened()
    with store.failing_as_ours(tracking.uri):
        made = tracking.client.create_run(
            tracking.experiment(), tags={**_SOURCE, **_commit()}, run_name=str(params["name"]) if "name" in params else None
        )
        run = Run(tracking, made.info.run_id)
        run._log(params=params)
    state = "FAILED"
    try:
        with _ending_as_interrupt():
            yield run
        state = "FINISHED"
    except KeyboardInterrupt:
        state = "KILLED"
        raise
    finally:
        with store.failing_as_ours(tracking.uri):
            tracking.client.set_terminated(run.id, state)


@contextmanager
def _ending_as_interrupt() -> Iterator[None]:
    """Let SIGTERM, by which schedulers end programs, interrupt the block as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _setting(trial: Trial) -> dict[str, Any]:
    """Return what a trial tried, by name."""
    flat: dict[str, Any] = {}
    for name, value in asdict(trial).items():
        flat |= value if isinstance(value, dict) else {name: value}
    del flat["micro"]
    return flat


def short_hash(example: Example) -> str:
    """Return a short hash of a clause's words, by which one clause is known in another file."""
    return hashlib.sha256(" ".join(example.clause.text.casefold().split()).encode()).hexdigest()[:16]


def content_hash(examples: list[Example]) -> str:
    """Return the SHA-256 of labelled clauses, whatever file they stand in."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps(_row(example), sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def _row(example: Example) -> dict[str, Any]:
    clause = example.clause
    row = {"id": example.id, "document": example.document, "heading": clause.heading, "lead_in": clause.lead_in}
    return {**row, "text": clause.text, "labels": sorted(example.labels), "modality": example.modality, "split": example.split}


def _environment() -> str:
    named = {str(found.metadata["Name"]): found.version for found in importlib.metadata.distributions()}
    return "".join(f"{name}=={version}\n" for name, version in sorted(named.items()) if name)


def _commit() -> dict[str, str]:
    """Return the commit of the checkout that this package stands in, if it stands in one."""
    top = Path(__file__).resolve().parents[2]
    git = shutil.which("git")
    if git is None or not (top / ".git").exists():
        return {}
    asked = subprocess.run([git, "-C", str(top), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S603
    return {"mlflow.source.git.commit": asked.stdout.strip()} if asked.returncode == 0 else {}
