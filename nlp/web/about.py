"""The labels, explained, and the way in with a token; it must not know how clauses get their labels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from nlp.taxonomy import codebook
from nlp.web.offering import offered
from nlp.web.pages import Reading, kept_of, page, settings_of
from nlp.web.security import COOKIE, encrypted, pass_of, same

router = APIRouter(include_in_schema=False)
_DAY = 24 * 3600


@router.get("/labels")
def labels(request: Request, store: Reading) -> HTMLResponse:
    """Explain every label the index may have, direction and kind of force."""
    choices = offered(kept_of(request), store)
    opposites = {name: (o.restricts, o.enables) for o in codebook().opposites for name in (o.restricts, o.enables)}
    return page(request, "labels.html", groups=choices.groups, own=choices.own, opposites=opposites)


@router.get("/login")
def door(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002 - the name in the address
    """Ask for the server's token."""
    return page(request, "login.html", onward=_inside(next), wrong=False)


@router.post("/login")
def enter(request: Request, token: Annotated[str, Form()], onward: Annotated[str, Form()] = "/") -> Response:
    """Let a browser in that gives the token."""
    secret = settings_of(request).token
    if secret is not None and not same(token.strip(), secret):
        return page(request, "login.html", 401, onward=_inside(onward), wrong=True)
    answer = RedirectResponse(_inside(onward), 303)
    if secret is not None:
        answer.set_cookie(COOKIE, pass_of(secret), max_age=_DAY, httponly=True, samesite="strict", secure=encrypted(request))
    return answer


def _inside(address: str) -> str:
    """Return an address of this server, the start page for any other."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"
