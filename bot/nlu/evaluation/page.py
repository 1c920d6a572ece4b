"""The report as one page that needs nothing else: words, tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from bot.nlu.evaluation import drawing, label_drawing
from bot.nlu.evaluation.summary import HEADINGS, notes, shown, shown_row, verdict

STYLE = Path(__file__).with_name("page.css")
MODELS = ("ours", "default")
# Headings of columns that hold words; those of numbers stand right.
OF_WORDS = ("", "label", "taken for", "reached", "training messages so confused")
LABELS_ASKED_BACK = 12
ACTIONS_SHOWN = 15


def page(report: dict[str, Any]) -> str:
    """The page; it has words of training messages in it, and none of the held-out ones."""
    sections = (
        _head(report),
        _by_label(report),
        _confusion(report),
        _calibration(report),
        _off_topic(report),
        _asked_back(report),
        _wrong_actions(report),
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
        f"<div class='scroll'>{_table(HEADINGS, rows)}</div>"
    )


def _by_label(report: dict[str, Any]) -> str:
    found = [report["models"][name]["accuracy"] for name in MODELS]
    ours, default = (each["by_label"] for each in found)
    rows = [
        _row(
            own["label"],
            own["messages"],
            f"{own['accuracy']:.0%} ({_span(own['accuracy_interval'])})",
            f"{own['precision']:.0%} ({_span(own['precision_interval'])})",
            f"{own['f1']:.2f}",
            f"{other['accuracy']:.0%}",
            f"{other['f1']:.2f}",
        )
        for own, other in zip(ours, default, strict=True)
    ]
    headings = ("label", "messages", "found", "precise", "F1", "default found", "its F1")
    overall = "; ".join(
        f"{name}: accuracy {each['accuracy']:.1%} ({_span(each['accuracy_interval'])}), "
        f"macro F1 {each['macro_f1']:.3f} "
        f"({each['macro_f1_interval'][0]:.3f} to {each['macro_f1_interval'][1]:.3f})"
        for name, each in zip(MODELS, found, strict=True)
    )
    return (
        f"<h2>Label by label</h2><p>{overall}. 95 % intervals: Wilson's for shares, of messages "
        f"drawn anew for F1. The best label counts, accepted or not. {_legend()}</p>"
        f"<figure class='scroll'>{label_drawing.accuracies(ours, default)}</figure>"
        f"<details><summary>The same in figures</summary>"
        f"<div class='scroll'>{_table(headings, rows)}</div></details>"
    )


def _confusion(report: dict[str, Any]) -> str:
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
        f"shown, so that nobody trains on them.</p><div class='scroll'>{_table(headings, rows)}"
        "</div>"
    )


def _calibration(report: dict[str, Any]) -> str:
    drawn = _beside(
        (
            drawing.reliability(report["models"][name]["calibration"], name),
            f"{name}: error {report['models'][name]['calibration']['error']:.3f}",
        )
        for name in MODELS
    )
    return (
        "<h2>Is it as sure as it is right?</h2><p>The confidence that is shown against the share "
        "that was right, in 15 equal bins, over all in-scope messages, accepted or not. Larger "
        f"dots are more messages; the diagonal is honest.</p>{drawn}"
    )


def _off_topic(report: dict[str, Any]) -> str:
    found = {name: report["models"][name]["off_topic"] for name in MODELS}
    rows = []
    for name, each in found.items():
        point, trained = each["at_5_percent"], each["as_trained"]
        at_5 = (
            [f"{point[kind]:.1%}" for kind in ("in_scope", "near", "far")]
            + [f"{point['threshold']:.2f}"]
            if point
            else ["–"] * 4
        )
        rows.append(_row(f"{name}, at 5 %", *at_5))
        as_is = [f"{trained[kind]['share']:.1%}" for kind in ("in_scope", "near", "far")]
        rows.append(_row(f"{name}, as it is", *as_is, "as trained"))
    drawn = f"<figure>{drawing.turned_away(found)}</figure>"
    table = _table(("", "in scope", "near", "far", "threshold"), rows)
    return (
        "<h2>Does it know when it does not know?</h2><p>Turned away is what is not accepted, or "
        "labelled <code>not_covered/</code> or <code>out_of_scope/</code>. In-scope messages with "
        "such a label of their own are left out. The curve follows the threshold. Solid: far off "
        f"topic; dashed: near misses. {_legend()}</p><div class='pictures'>{drawn}{table}</div>"
    )


def _asked_back(report: dict[str, Any]) -> str:
    rows = []
    for name in MODELS:
        found = report["models"][name]["asked_back"]
        parts = ("in_scope", "near", "far", "guess_was_right", "right_one_was_offered")
        rows.append(_row(name, *(f"{found[part]['share']:.1%}" for part in parts)))
    headings = ("", "in scope", "near", "far", "its guess was right", "right one among the first 3")
    most = report["models"]["ours"]["asked_back"]["by_label"][:LABELS_ASKED_BACK]
    return (
        "<h2>What was asked back</h2><p>Messages that were not accepted. The last two columns are "
        f"shares of the in-scope ones among them.</p><div class='scroll'>{_table(headings, rows)}"
        f"</div><p class='quiet'>Ours, most often: {_listed(most)}.</p>"
    )


def _wrong_actions(report: dict[str, Any]) -> str:
    rows = []
    for name in MODELS:
        found = report["models"][name]["wrong_actions"]
        share = f"{found['share']:.1%} ({_span(found['interval'])})"
        rows.append(_row(name, share, found["count"], found["in_scope"], found["off_topic"]))
    headings = ("", "of all messages", "messages", "in scope", "off topic")
    most = report["models"]["ours"]["wrong_actions"]["pairs"][:ACTIONS_SHOWN]
    return (
        "<h2>Wrong actions begun</h2><p>A request that was not asked for was accepted: a form "
        "opened, or people were called. Each part of a message with several counts.</p>"
        f"{_table(headings, rows)}<p class='quiet'>Ours: {_listed(most)}.</p>"
    )


def _cost(report: dict[str, Any]) -> str:
    rows = []
    for name in MODELS:
        found = report["models"][name]
        training = found["training"]
        rows.append(
            _row(
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
        "turn, message by message. The bar holds nine tenths of them. Memory is what Rasa "
        "holds with each model in the end. Training starts with Rasa itself and, for ours, "
        f"holds the five folds.</p><figure class='scroll'>{drawn}</figure><div class='scroll'>"
        f"{_table(headings, rows)}</div>"
    )


def _folds(report: dict[str, Any]) -> str:
    found = report["folds"]
    return (
        f"<h2>Five folds of the training data</h2><p>{found['examples']:,} messages, "
        f"{escape(found['folds'])}: accuracy {found['accuracy']:.1%} "
        f"({_span(found['accuracy_interval'])}), macro F1 {found['macro_f1']:.3f}; "
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


def _beside(pictures: Any) -> str:
    drawn = (
        f"<figure>{svg}<figcaption>{escape(said)}</figcaption></figure>" for svg, said in pictures
    )
    return f'<div class="pictures">{"".join(drawn)}</div>'


def _legend() -> str:
    return (
        '<strong style="color:var(--ours)">ours</strong>, '
        '<strong style="color:var(--default)">default</strong>.'
    )


def _listed(counted: Sequence[dict[str, Any]]) -> str:
    return escape(", ".join(f"{each['label']} ({each['times']})" for each in counted)) or "none"


def _span(interval: Sequence[float]) -> str:
    return f"{interval[0]:.1%} to {interval[1]:.1%}"


def _row(first: object, *rest: object) -> str:
    cells = "".join(f'<td class="number">{escape(str(each))}</td>' for each in rest)
    return f'<tr><td class="label">{escape(str(first))}</td>{cells}</tr>'


def _table(headings: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(
        f'<th class="{"words" if each in OF_WORDS else "number"}">{escape(each)}</th>'
        for each in headings
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
