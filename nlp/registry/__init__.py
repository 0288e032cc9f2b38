"""Training runs, model versions, and which of them is the champion; it must not know how models are trained or shown.

The only room that imports MLflow, and only when a store is used. Nothing is sent anywhere but to the store, and a model is loaded
only as any model of clausedex is: from skops, with its hash and its types checked.
"""

from nlp.registry.current import Current
from nlp.registry.store import address, exists, shown
from nlp.registry.versions import Version, champion, folder, versions

__all__ = ["Current", "Version", "address", "champion", "exists", "folder", "shown", "versions"]
