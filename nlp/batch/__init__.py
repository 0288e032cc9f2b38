"""Many files at once: expands PATH arguments, works on cores or a cluster, keeps the ledger; must not know formats or rules.

`run` reads files into an index, `Intake` takes single files into one as they come, `outcomes` works without an index.
"""

from nlp.batch.inputs import SUFFIXES, Input, Inputs, expanded, is_gone
from nlp.batch.intake import Intake
from nlp.batch.outcomes import outcomes
from nlp.batch.plan import Plan, Skip
from nlp.batch.reclassify import Reclassified, reclassify
from nlp.batch.run import Options, Summary, Tally, Watch, run, versions
from nlp.batch.work import Job, Outcome, Settings
from nlp.extract import cores

__all__ = [
    "Input",
    "Inputs",
    "Intake",
    "Job",
    "Options",
    "Outcome",
    "Plan",
    "Reclassified",
    "SUFFIXES",
    "Settings",
    "Skip",
    "Summary",
    "Tally",
    "Watch",
    "cores",
    "expanded",
    "is_gone",
    "outcomes",
    "reclassify",
    "run",
    "versions",
]
