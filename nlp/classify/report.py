"""Figures as a page to read: tables, the confusion picture and the mistakes themselves; measures nothing."""

from __future__ import annotations

import base64
import html
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

from nlp.classify.evaluation import Figures, Mistake

NOTHING = "(nothing)"
"""Stands for no label: what was missed without another given instead, or given where none was wanted."""

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem }
table { border-collapse: collapse } td, th { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #ddd }
td:first-child, th:first-child { text-align: left } img { max-width: 100% } blockquote { margin: .2rem 0 1.2rem 1rem }
ins { color: #7a3b00 } del { color: #00557a } .note { color: #555 }
"""


def as_html(figures: Figures) -> str:
    """Return one page without outside parts; every text from the gold file is escaped."""
    heads = ("label", "clauses", "given", "precision", "recall", "F1", "95% interval")
    body = [
        f"<h1>{html.escape(figures.model)} on {figures.clauses} clause{'s' * (figures.clauses != 1)}</h1>",
        f"<p class=note>Gold: {html.escape(figures.gold)}</p>",
        _table(("figure", "value"), _overall(figures)),
        "<h2>By label</h2>",
        _table(
            heads,
            [
                (
                    row.label,
                    row.support,
                    row.given,
                    f"{row.precision:.2f}",
                    f"{row.recall:.2f}",
                    f"{row.f1:.2f}",
                    f"{row.low:.2f}-{row.high:.2f}",
                )
                for row in figures.labels
            ],
        ),
        *_confused(figures.mistakes),
        f"<h2>{len(figures.mistakes)} clause{'s' * (len(figures.mistakes) != 1)} with a wrong label, the surest first</h2>",
        *(_mistake(mistake) for mistake in figures.mistakes),
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Evaluation</title>'
        f"<style>{_STYLE}</style><body>{''.join(body)}</body></html>\n"
    )


def _confused(mistakes: Sequence[Mistake]) -> tuple[str, ...]:
    if not mistakes:
        return ()
    return (
        "<h2>What is taken for what</h2>",
        "<p class=note>Rows: labels that were missed. Columns: labels given in the same clause without cause.</p>",
        f'<img alt="Labels missed against labels given instead" src="data:image/png;base64,{_picture(mistakes)}">',
    )


def _overall(figures: Figures) -> list[tuple[str, object]]:
    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:.3f}"

    return [
        ("micro-F1", f"{figures.micro:.3f} ({figures.micro_low:.3f} to {figures.micro_high:.3f})"),
        ("macro-F1", shown(figures.macro)),
        ("core micro-F1 (without the instrument group)", shown(figures.core)),
        ("directed micro-F1 (labels that restrict or enable)", shown(figures.directed)),
        ("direction flips", shown(figures.direction_flips)),
        ("every label right", shown(figures.exact)),
        ("modality right", shown(figures.modality)),
        ("expected calibration error", shown(figures.calibration_error)),
        ("kept (not abstained)", f"{figures.kept:.0%}, micro-F1 {figures.kept_micro:.3f}"),
    ]


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    top = "".join(f"<th scope=col>{html.escape(head)}</th>" for head in heads)
    lines = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{lines}</table>"


def _mistake(mistake: Mistake) -> str:
    missed = "".join(f" <del>{html.escape(label)}</del>" for label in sorted(set(mistake.gold) - set(mistake.given)))
    extra = "".join(f" <ins>{html.escape(label)}</ins>" for label in sorted(set(mistake.given) - set(mistake.gold)))
    lead = f"<i>{html.escape(mistake.lead_in)}</i> " if mistake.lead_in else ""
    state = "abstained" if mistake.abstained else f"sureness {mistake.confidence:.2f}"
    return (
        f"<p>{html.escape(mistake.id)} <span class=note>{html.escape(mistake.document)}, {state}</span><br>"
        f"missed:{missed or ' -'}; not wanted:{extra or ' -'}</p><blockquote>{lead}{html.escape(mistake.text)}</blockquote>"
    )


def confusions(mistakes: Sequence[Mistake]) -> Counter[tuple[str, str]]:
    """Count pairs of a missed label and a label given without cause in the same clause."""
    pairs: Counter[tuple[str, str]] = Counter()
    for mistake in mistakes:
        missed = set(mistake.gold) - set(mistake.given) or {NOTHING}
        extra = set(mistake.given) - set(mistake.gold) or {NOTHING}
        pairs.update((a, b) for a in missed for b in extra)
    return pairs


def _picture(mistakes: Sequence[Mistake]) -> str:
    """Draw the confusions as a heat map and return it as base64 PNG."""
    from matplotlib.figure import Figure

    pairs = confusions(mistakes)
    names = sorted({name for pair in pairs for name in pair}, key=lambda name: (name == NOTHING, name))
    size = max(3.0, 0.27 * len(names) + 2)
    figure = Figure(figsize=(size, size))
    axes = figure.add_subplot()
    axes.imshow([[pairs[a, b] for b in names] for a in names], cmap="Oranges")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    for (a, b), count in pairs.items():
        axes.text(names.index(b), names.index(a), str(count), ha="center", va="center", fontsize=6)
    figure.tight_layout()
    file = BytesIO()
    figure.savefig(file, format="png", dpi=110, metadata={"Software": None})
    return base64.b64encode(file.getvalue()).decode("ascii")
