"""Lets MLflow itself serve a recorded model, ``models:/NAME@champion``; it must not load a model in any way but the safe one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.classify import Classifier

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMN = "text"


class Served:
    """A classifier behind MLflow's face: a frame with a column ``text`` in, labels, stance and modality out."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def predict(self, frame: DataFrame, params: dict[str, Any] | None = None) -> DataFrame:
        """Classify each text by itself; ``labels`` is a JSON list of names and scores."""
        import pandas as pd

        rows = self._classifier.rows([{"id": at, "text": str(text)} for at, text in enumerate(frame[COLUMN])])
        answers = [
            {"labels": json.dumps(row["labels"]), "stance": row["stance"], "modality": row["modality"], "model": row["model"]}
            for row in rows
        ]
        return pd.DataFrame(answers, columns=["labels", "stance", "modality", "model"])


def _load_pyfunc(folder: str) -> Served:
    """Load the model folder inside an MLflow model: the name is MLflow's."""
    return Served(Classifier.load(Path(folder)))
