"""The place where runs and models are recorded: finds it, opens it safely; it must not know what is recorded there."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from nlp.errors import ModelError, TrackingError

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "clausedex"
"""The MLflow experiment that holds every run of ours."""

_EXPERIMENT_TAGS = {
    "mlflow.experimentKind": "custom_model_development",
    "mlflow.note.content": "Training runs of clausedex; 'clausedex models list' shows the versions that came of them.",
}
"""What lets MLflow's pages show runs of training first, not traces."""

_SQLITE = "sqlite:///"
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}
"""Settings of MLflow that hold in our process whatever the environment says: nothing is sent, nothing is unpickled."""

_QUIETER = {"MLFLOW_LOGGING_LEVEL": "WARNING", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}
"""Settings that the environment may change."""


@dataclass(frozen=True, slots=True)
class Tracking:
    """An open store."""

    client: MlflowClient
    uri: str

    def experiment(self) -> str:
        """Return the id of the experiment that holds our runs, made where there is none."""
        found = self.client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        file = _file(self.uri)
        place = (file.parent / "artifacts").absolute().as_uri() if file is not None else None
        return str(self.client.create_experiment(EXPERIMENT, artifact_location=place, tags=_EXPERIMENT_TAGS))


def address() -> str:
    """Return where runs are recorded: ``MLFLOW_TRACKING_URI``, or a SQLite file in the user's data folder."""
    from platformdirs import user_data_path

    return os.environ.get("MLFLOW_TRACKING_URI") or f"{_SQLITE}{user_data_path('clausedex', appauthor=False) / 'runs.db'}"


def shown(uri: str) -> str:
    """Return an address without the password it may hold."""
    return re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", uri)


def exists() -> bool:
    """Tell whether a store may be there, without opening it: a server is taken to be, a SQLite file is looked for."""
    file = _file(address())
    return file is None or file.is_file()


def opened() -> Tracking:
    """Open the store and make it where there is none. Raises `TrackingError` where that cannot be done."""
    return _opened(address())


def existing() -> Tracking:
    """Open the store. Raises `TrackingError` where there is none."""
    if not exists():
        raise TrackingError(
            f"nothing was recorded yet at {shown(address())}: the shipped model is used; 'clausedex train' records a run"
        )
    return opened()


@contextmanager
def failing_as_ours(uri: str) -> Iterator[None]:
    """Turn what MLflow and its database raise into `TrackingError`."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (TrackingError, ModelError):
        raise
    except (MlflowException, SQLAlchemyError, OSError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise TrackingError(f"the tracking store at {shown(uri)} cannot be used: {shown(first)[:300]}") from error


@functools.lru_cache(maxsize=4)
def _opened(uri: str) -> Tracking:
    os.environ.update(_SETTINGS)
    for name, value in _QUIETER.items():
        os.environ.setdefault(name, value)
    with failing_as_ours(uri):
        from mlflow import MlflowClient

        file = _file(uri)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        return Tracking(MlflowClient(tracking_uri=uri, registry_uri=uri), uri)


def _file(uri: str) -> Path | None:
    """Return the SQLite file of an address, if it is one."""
    return Path(unquote(uri.removeprefix(_SQLITE))) if uri.startswith(_SQLITE) else None
