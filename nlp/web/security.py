"""Stands before the application: who may ask, from which page, how much may be sent, what a browser may load; knows no page."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nlp.web.settings import Settings

COOKIE = "clausedex"
SMALL = 1 << 20
"""What may be sent to any address but the upload's, in bytes."""
OPEN = ("/login", "/static/")
"""Addresses that are answered without a token."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def pass_of(token: str) -> str:
    """Return what a browser that gave the token carries: it does not tell the token."""
    return hashlib.sha256(f"clausedex {token}".encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare secrets in a time that does not tell how much of them agrees."""
    return hmac.compare_digest(left.encode(), right.encode())


def name_of(host: str) -> str:
    """Return a host without its port, in lower case."""
    return (host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host).lower()


def encrypted(request: Request) -> bool:
    """Tell whether a browser sent a request by https, to this server or to a proxy before it.

    A header that is made up harms only who sends it: it keeps their own cookie from being sent back in the clear.
    """
    told = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return "https" in (request.url.scheme, told, urlsplit(request.headers.get("origin", "")).scheme)


class Guard:
    """Refuses what must not reach the application, and sends its rules to the browser with every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await PlainTextResponse(refusal[1], refusal[0])(scope, receive, guarded)
        elif not self._known(scope, headers):
            await self._unknown(scope)(scope, receive, guarded)
        else:
            await self._app(scope, self._counted(scope, receive), guarded)

    def _refusal(self, scope: MutableMapping[str, Any], headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if self._settings.hosts and name_of(host) not in self._settings.hosts:
            return 400, f"This server answers to {', '.join(self._settings.hosts)} alone."
        if scope["method"] in ("GET", "HEAD"):
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if (site is not None and site not in ("same-origin", "none")) or (origin is not None and not self._ours(origin, host)):
            return 403, "Another site sent this request; it was refused."
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > self._most(scope):
            return 413, self._too_much(scope)
        return None

    def _ours(self, origin: str, host: str) -> bool:
        """Tell whether a page of this server sends: the host asked, or a public name that a proxy did not pass on."""
        sender = urlsplit(origin).netloc
        return sender == host or name_of(sender) in self._settings.public

    def _most(self, scope: MutableMapping[str, Any]) -> int:
        return self._settings.upload_bytes if scope["path"] in ("/upload", "/api/files") else SMALL

    def _too_much(self, scope: MutableMapping[str, Any]) -> str:
        return f"More was sent than the {self._most(scope) / (1 << 20):g} MB that may be sent at once."

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """Count the body while it comes and stop it at the limit, whatever length was announced."""
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most(scope):
                raise HTTPException(413, self._too_much(scope))
            return message

        return counted

    def _known(self, scope: MutableMapping[str, Any], headers: Headers) -> bool:
        token = self._settings.token
        if token is None or scope["path"].startswith(OPEN):
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and same(given.strip(), token):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and same(cookie.value, pass_of(token))

    @staticmethod
    def _unknown(scope: MutableMapping[str, Any]) -> ASGIApp:
        if scope["path"].startswith("/api/") or scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Give the token of this server: Authorization: Bearer TOKEN", 401)
        return RedirectResponse(f"/login?next={quote(scope['path'])}", 303)
