"""What the model says of one clause: the record that explanation and evaluation read; knows no model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlp.classify.reading import Reading
from nlp.records import Label, Modality, Stance

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Weighed = tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the model says of a clause: labels above their thresholds, best first, and how sure it is of the whole.

    `chances` holds every label's probability, in the order of `Manifest.labels`, `weighed` the clause's features: their columns
    and scaled values.
    """

    labels: tuple[Label, ...]
    guesses: tuple[Label, ...]
    modality: Modality
    stance: Stance
    confidence: float
    abstained: bool
    chances: tuple[float, ...]
    reading: Reading
    weighed: Weighed = field(repr=False, compare=False)
