"""Say what a clause does: labels with calibrated scores, direction, modality, conditions, and the words behind them.

The face of the room. Training and evaluation load scikit-learn, so they are imported when called for:
`nlp.classify.training.train`, `nlp.classify.evaluation.evaluate`.
"""

import sys
from types import ModuleType
from typing import Any

from nlp.classify.calling import classify
from nlp.classify.model import Classifier, described, model_name
from nlp.classify.prediction import Prediction
from nlp.classify.reading import ClauseText, Place

__all__ = ["Classifier", "ClauseText", "Place", "Prediction", "classify", "described", "model_name"]


class _Callable(ModuleType):
    """Lets ``nlp.classify(...)`` classify although ``nlp.classify`` is this room, which bears the same name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Classify clauses or texts; see `nlp.classify.calling.classify`."""
        return classify(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
