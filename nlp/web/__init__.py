"""The web application: pages for people and JSON for programs over one index; it must not know how anything is read or stored."""

from nlp.web.app import create_app
from nlp.web.settings import LOOPBACK, Settings

__all__ = ["LOOPBACK", "Settings", "create_app"]
