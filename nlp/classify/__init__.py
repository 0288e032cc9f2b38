"""Say what a clause does: labels with calibrated scores, direction, modality, conditions, and the words behind them.

The face of the room. Training and evaluation load scikit-learn, so they are imported when called for:
`nlp.classify.training.train`, `nlp.classify.evaluation.evaluate`.
"""

from nlp.classify.model import Classifier, Prediction, model_name
from nlp.classify.reading import ClauseText, Place

__all__ = ["Classifier", "ClauseText", "Place", "Prediction", "model_name"]
