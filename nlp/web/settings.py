"""What the web application is told once, when it starts; it must not know where that was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """How the application serves the index at `db`.

    `hosts` are the names it answers to, any where empty; `public` are those by which a proxy is reached that passes requests on.
    Where `token` is set nothing is shown to who does not give it. `uploads` is the folder for uploaded files, None where nothing
    may be uploaded. `upload_bytes` bounds one upload. `model` is asked, whenever one is needed, for the folder of the model to
    use, None for the shipped one. `registered` is the name in the registry whose versions are shown.
    """

    db: str
    uploads: Path | None = None
    hosts: tuple[str, ...] = LOOPBACK
    public: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)
    upload_bytes: int = 64 << 20
    model: Callable[[], str | None] = lambda: None
    samples: Path | None = None
    registered: str = "clausedex"
