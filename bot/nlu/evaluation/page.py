"""The report as one page that needs nothing else: words, tables and pictures."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from bot.nlu.evaluation import drawing
from bot.nlu.evaluation.doubt_sections import asked_back, calibration, off_topic, wrong_actions
from bot.nlu.evaluation.label_sections import by_label, confusion
from bot.nlu.evaluation.page_pieces import MODELS, row, span, table
from bot.nlu.evaluation.summary import HEADINGS, notes, shown, shown_row, verdict

STYLE = Path(__file__).with_name("page.css")


def page(report: dict[str, Any]) -> str:
    """The page; it has words of training messages in it, and none of the held-out ones."""
    sections = (
        _head(report),
        by_label(report),
        confusion(report),
        calibration(report),
        off_topic(report),
        asked_back(report),
        wrong_actions(report),
        _cost(report),
        _folds(report),
        _method(report),
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>How well visitors are understood</title><style>{STYLE.read_text('utf-8')}</style>"
        f"</head><body>{''.join(sections)}</body></html>\n"
    )


def _head(report: dict[str, Any]) -> str:
    held_out, figures = report["held_out"], report["figures"]
    said = (
        f"Measured {report['created_at'][:16].replace('T', ' ')} UTC on "
        f"{held_out['in_scope']:,} messages of {held_out['labels']} labels and "
        f"{held_out['near'] + held_out['far']} off topic that nobody trained on, beside the "
        "pipeline that <code>rasa init</code> proposes, trained on the same data."
    )
    rows = []
    for figure in figures:
        cells = [escape(cell) for cell in shown_row(figure)]
        middle = "".join(f'<td class="number">{cell}</td>' for cell in cells[1:-1])
        last = f'<td class="{cells[-1]}">{cells[-1]}</td>'
        rows.append(f"<tr><td>{cells[0]}</td>{middle}{last}</tr>")
    told = "".join(f'<p class="quiet">{escape(note)}</p>' for note in notes(report))
    return (
        f"<h1>{escape(verdict(figures))}</h1><p>{said}</p>{told}"
        f"<div class='scroll'>{table(HEADINGS, rows)}</div>"
    )


def _cost(report: dict[str, Any]) -> str:
    rows = []
    for name in MODELS:
        found = report["models"][name]
        training = found["training"]
        rows.append(
            row(
                name,
                *(f"{found['latency'][each]:.2f}" for each in ("p50", "p95", "p99")),
                shown(found["megabytes"], "MB"),
                shown(training["cpu_seconds"], "s"),
                shown(training["whole_cpu_seconds"], "s"),
                shown(training["seconds"], "s"),
            )
        )
    headings = ("", "p50 ms", "p95 ms", "p99 ms", "resident", "CPU", "CPU, all epochs", "wall")
    drawn = drawing.times({name: report["models"][name]["latency"] for name in MODELS})
    return (
        "<h2>What it costs</h2><p>Parses of one process on one thread, the two models asked in "
        "turn, message by message, three times, of which the middle one counts. The bar holds nine "
        "tenths of them. Memory is what Rasa holds with each model in the end. Training is that of "
        "the whole process and, for ours, of the five folds. CPU for all epochs is reckoned."
        f"</p><figure class='scroll'>{drawn}</figure><div class='scroll'>"
        f"{table(headings, rows)}</div>"
    )


def _folds(report: dict[str, Any]) -> str:
    found = report["folds"]
    return (
        f"<h2>Five folds of the training data</h2><p>{found['examples']:,} messages; "
        f"{escape(found['folds'])}. Accuracy {found['accuracy']:.1%} "
        f"({span(found['accuracy_interval'])}), macro F1 {found['macro_f1']:.3f}; "
        f"{found['turned_away']:.1%} asked back, {found['accepted_and_wrong']:.1%} taken for "
        f"another, {found['unknown_turned_away']:.1%} of unknown ones turned away.</p>"
    )


def _method(report: dict[str, Any]) -> str:
    stages = ", ".join(
        f"{escape(name[0].lower() + name[1:])} {took:,.0f} s"
        for name, took in report["seconds"].items()
    )
    return (
        "<h2>How it was measured</h2><p>The default's label is its intent, or for a family the "
        "answer its response selector picks; in its fallback, the intent behind it. Both have the "
        "same training messages, rules, answers and domain, and RulePolicy; only the pipeline "
        f"differs. Time: {stages}.</p>"
    )
