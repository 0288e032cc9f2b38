"""Take files through the stages in order, without an index; it must not know what is printed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import BinaryIO

from nlp.batch.inputs import expanded
from nlp.batch.run import job_of
from nlp.batch.stream import Stop, stream
from nlp.batch.work import Outcome, Settings
from nlp.errors import MissingComponentError
from nlp.extract import cores


def outcomes(
    paths: Sequence[str],
    settings: Settings,
    *,
    jobs: int | None = None,
    stdin: BinaryIO | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every file that `paths` stand for, ordered by the files' names; call `told` first with their number.

    Raises `NoInputError` where they stand for none and `MissingComponentError` where a file needs what is not installed.
    """
    with expanded(paths, stdin) as inputs:
        told(len(inputs.files))
        processes = max(1, min(jobs or cores(), len(inputs.files)))
        limits = replace(settings.limits, ocr_threads=max(1, settings.limits.ocr_threads // processes))
        settings = replace(settings, limits=limits)
        files = (job_of(file) for file in inputs.files)
        with closing(stream(files, settings, processes=processes, stop=Stop(), ordered=True)) as found:
            for outcome in found:
                if outcome.missing is not None:
                    raise MissingComponentError(outcome.missing)
                yield outcome
