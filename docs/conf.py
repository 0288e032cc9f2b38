"""How Sphinx builds these pages: Markdown alone, one theme that loads nothing from elsewhere."""

from __future__ import annotations

from nlp import __version__

project = "clausedex"
author = "The clausedex authors"
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
highlight_language = "none"
smartquotes = False  # they turn the dashes of options into others
html_theme = "furo"
html_title = f"clausedex {__version__}"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
