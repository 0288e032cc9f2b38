"""Many files at once: expands PATH arguments, works on cores or a cluster, keeps the ledger; must not know formats or rules.

`run` reads files into an index, `outcomes` takes files through the stages without one.
"""

from nlp.batch.inputs import Input, Inputs, expanded
from nlp.batch.outcomes import outcomes
from nlp.batch.plan import Plan, Skip
from nlp.batch.run import Options, Summary, Watch, cores, run, versions
from nlp.batch.work import Job, Outcome, Settings

__all__ = [
    "Input",
    "Inputs",
    "Job",
    "Options",
    "Outcome",
    "Plan",
    "Settings",
    "Skip",
    "Summary",
    "Watch",
    "cores",
    "expanded",
    "outcomes",
    "run",
    "versions",
]
