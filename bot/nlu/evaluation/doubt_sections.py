"""The page's sections about doubt: confidence, turning away, asking back, wrong actions."""

from __future__ import annotations

from typing import Any

from bot.nlu.evaluation import drawing
from bot.nlu.evaluation.page_pieces import MODELS, beside, legend, listed, row, span, table

LABELS_ASKED_BACK = 12
ACTIONS_SHOWN = 15


def calibration(report: dict[str, Any]) -> str:
    """Confidence against what was right."""
    drawn = beside(
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


def off_topic(report: dict[str, Any]) -> str:
    """What is turned away."""
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
        rows.append(row(f"{name}, at 5 %", *at_5))
        as_is = [f"{trained[kind]['share']:.1%}" for kind in ("in_scope", "near", "far")]
        rows.append(row(f"{name}, as it is", *as_is, "as trained"))
    drawn = f"<figure>{drawing.turned_away(found)}</figure>"
    figures = table(("", "in scope", "near", "far", "threshold"), rows)
    return (
        "<h2>Does it know when it does not know?</h2><p>Turned away is what is not accepted, or "
        "labelled <code>not_covered/</code> or <code>out_of_scope/</code>. In-scope messages with "
        "such a label of their own are left out. The curve follows the threshold. Solid: far off "
        f"topic; dashed: near misses. {legend()}</p><div class='pictures'>{drawn}{figures}</div>"
    )


def asked_back(report: dict[str, Any]) -> str:
    """What was not accepted."""
    rows = []
    for name in MODELS:
        found = report["models"][name]["asked_back"]
        parts = ("in_scope", "near", "far", "guess_was_right", "right_one_was_offered")
        rows.append(row(name, *(f"{found[part]['share']:.1%}" for part in parts)))
    headings = ("", "in scope", "near", "far", "its guess was right", "right one among the first 3")
    most = report["models"]["ours"]["asked_back"]["by_label"][:LABELS_ASKED_BACK]
    return (
        "<h2>What was asked back</h2><p>Messages that were not accepted. The last two columns are "
        f"shares of the in-scope ones among them.</p><div class='scroll'>{table(headings, rows)}"
        f"</div><p class='quiet'>Ours, most often: {listed(most)}.</p>"
    )


def wrong_actions(report: dict[str, Any]) -> str:
    """Requests begun that nobody asked for."""
    rows = []
    for name in MODELS:
        found = report["models"][name]["wrong_actions"]
        share = f"{found['share']:.1%} ({span(found['interval'])})"
        rows.append(row(name, share, found["count"], found["in_scope"], found["off_topic"]))
    headings = ("", "of all messages", "messages", "in scope", "off topic")
    most = report["models"]["ours"]["wrong_actions"]["pairs"][:ACTIONS_SHOWN]
    return (
        "<h2>Wrong actions begun</h2><p>A request that was not asked for was accepted: a form "
        "opened, or people were called. Each part of a message with several counts.</p>"
        f"{table(headings, rows)}<p class='quiet'>Ours: {listed(most)}.</p>"
    )
