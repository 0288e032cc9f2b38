"""The command serve: the web application over an index; it must not know what its pages show."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nlp.cli.choosing import following, model_name
from nlp.cli.options import Database, Model
from nlp.errors import UsageError

if TYPE_CHECKING:
    from nlp.web import Settings


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="serve")(serve)


def serve(
    db: Database,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    public: Annotated[
        list[str] | None,
        typer.Option(
            "--public-host",
            metavar="NAME",
            help="A name by which a proxy passes this server on; repeat for more.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", envvar="CLAUSEDEX_TOKEN", help="What browsers must give. Away from this machine one is always asked for."
        ),
    ] = None,
    uploads: Annotated[
        Path | None,
        typer.Option("--uploads", metavar="DIR", help="Where uploaded files are kept.", show_default="FILE.uploads"),
    ] = None,
    max_upload: Annotated[int, typer.Option("--max-upload", min=1, max=4096, help="Most megabytes of one upload.")] = 64,
    model: Model = None,
) -> int:
    """Serve pages to search, read, add, correct and compare documents, on this machine alone unless told otherwise.

    The index is made if there is none. A model that becomes champion meanwhile is used for the next file. With --public-host a
    token is asked for, as away from this machine.

    Example: clausedex serve --db law.db
    """
    from nlp.cli.show import say
    from nlp.web import LOOPBACK, Settings

    names = tuple(public_name(name) for name in public or ())
    local = is_loopback(host) and not names
    if token is not None and len(token) < 8:
        raise UsageError("the token must have eight characters or more")
    if not local and token is None:
        token = secrets.token_urlsafe(18)
        say(f"Token: {token}")
    if not is_loopback(host):
        say(f"Warning: {host} can be reached from other machines, and what is sent there can be read on the way.")
    settings = Settings(
        db=db,
        uploads=uploads or (None if "://" in db else Path(f"{db}.uploads")),
        hosts=tuple({*LOOPBACK, host, *names}) if names or local else (),
        public=names,
        token=token,
        upload_bytes=max_upload << 20,
        model=following(model),
        samples=samples(),
        registered=model_name(),
    )
    _listen(settings, host, port)
    return 0


def _listen(settings: Settings, host: str, port: int) -> None:
    """Answer requests until someone ends it, and say where once the port is open."""
    import uvicorn

    from nlp.cli.show import say
    from nlp.web import create_app

    app = create_app(settings)
    config = uvicorn.Config(app, host, port, log_level="warning", access_log=False, server_header=False, limit_concurrency=100)
    listening = config.bind_socket()
    listening.listen(config.backlog)
    name = f"[{host}]" if ":" in host else host
    say(f"Serving {settings.db} at http://{name}:{listening.getsockname()[1]}/ (Ctrl-C ends it)")
    uvicorn.Server(config).run(sockets=[listening])


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own, which no other machine can reach."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def public_name(name: str) -> str:
    """Return the name of a host in lower case; raise `UsageError` for an address or anything else that is no name."""
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\]", name):
        raise UsageError(
            f"--public-host {name!r} is no name of a host; write law.example.org, without https:// and without a port"
        )
    return name.lower()


def samples() -> Path | None:
    """Return the folder of the sample documents: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "shipped" / "corpora" / "samples", package.parent / "corpora" / "samples"):
        if os.access(folder, os.R_OK):
            return folder
    return None
