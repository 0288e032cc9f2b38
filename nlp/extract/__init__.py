"""Reading: files of any known format become Documents; it must not know clauses or labels.

`read` reads one file in a worker process of its own, `Reader` keeps a worker for many files, `text` gives the clean text of what
was read, `render` draws a page, `sniff` tells a file's format from its bytes, `known` whether a word is an English one,
`cores` how many processor cores this process may use.
"""

from nlp.extract.isolation import Reader, read, render
from nlp.extract.limits import Limits, cores
from nlp.extract.prose import text
from nlp.extract.quality import known
from nlp.extract.sniff import sniff

READER_VERSION = "2"
"""Changes whenever reading the same bytes may give another Document."""

__all__ = ["Limits", "READER_VERSION", "Reader", "cores", "known", "read", "render", "sniff", "text"]
