"""The page's sections about labels: how well each is known, and what it is taken for."""

from __future__ import annotations

from html import escape
from typing import Any

from bot.nlu.evaluation import label_drawing
from bot.nlu.evaluation.page_pieces import MODELS, legend, row, span, table


def by_label(report: dict[str, Any]) -> str:
    """Accuracy of every label, drawn and in figures."""
    found = [report["models"][name]["accuracy"] for name in MODELS]
    ours, default = (each["by_label"] for each in found)
    rows = [
        row(
            own["label"],
            own["messages"],
            f"{own['accuracy']:.0%} ({span(own['accuracy_interval'])})",
            f"{own['precision']:.0%} ({span(own['precision_interval'])})",
            f"{own['f1']:.2f}",
            f"{other['accuracy']:.0%}",
            f"{other['f1']:.2f}",
        )
        for own, other in zip(ours, default, strict=True)
    ]
    headings = ("label", "messages", "found", "precise", "F1", "default found", "its F1")
    overall = "; ".join(
        f"{name}: accuracy {each['accuracy']:.1%} ({span(each['accuracy_interval'])}), "
        f"macro F1 {each['macro_f1']:.3f} "
        f"({each['macro_f1_interval'][0]:.3f} to {each['macro_f1_interval'][1]:.3f})"
        for name, each in zip(MODELS, found, strict=True)
    )
    return (
        f"<h2>Label by label</h2><p>{overall}. 95 % intervals: Wilson's for shares, of messages "
        f"drawn anew for F1. The best label counts, accepted or not. {legend()}</p>"
        f"<figure class='scroll'>{label_drawing.accuracies(ours, default)}</figure>"
        f"<details><summary>The same in figures</summary>"
        f"<div class='scroll'>{table(headings, rows)}</div></details>"
    )


def confusion(report: dict[str, Any]) -> str:
    """What is taken for what, and the pairs most confused."""
    drawn = {
        name: label_drawing.matrix(report["models"][name]["confusion"], f"Confusion, {name}")
        for name in MODELS
    }
    rows = []
    for pair in report["confused"]:
        quotes = "".join(f"<blockquote>{escape(text)}</blockquote>" for text in pair["examples"])
        rows.append(
            f'<tr><td class="label">{escape(pair["label"])}</td>'
            f'<td class="label">{escape(pair["taken_for"])}</td>'
            f'<td class="number">{pair["times"]}</td><td class="number">{pair["in_folds"]}</td>'
            f"<td>{quotes}</td></tr>"
        )
    headings = ("label", "taken for", "times", "in folds", "training messages so confused")
    return (
        "<h2>What is taken for what</h2><p>A row is what was meant, a column what it was taken "
        "for; only what happened is written. Families follow the design's order.</p>"
        f"<div class='scroll'>{drawn['ours']}</div>"
        f"<details><summary>The default's</summary><div class='scroll'>{drawn['default']}</div>"
        "</details><h2>Most confused</h2><p>Counted on held-out messages. The words are of "
        "training messages that the five folds confuse in the same way: held-out ones are not "
        f"shown, so that nobody trains on them.</p><div class='scroll'>{table(headings, rows)}"
        "</div>"
    )
