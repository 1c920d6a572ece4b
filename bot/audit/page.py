"""The report as a page: for a file of its own, to be read or printed, and for the console."""

import os
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.audit.report import Report

TEMPLATES = Path(__file__).resolve().parent / "templates"


def report_body(report: Report) -> Markup:
    """The report's sections, from its first heading on; everything filled in is escaped."""
    return Markup(_environment().get_template("body.html").render(report=report))  # noqa: S704


def write_report(report: Report, file: Path) -> None:
    """Write the whole page, so that a reader never meets half of it."""
    page = _environment().get_template("report.html").render(report=report)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(page, encoding="utf-8")
    draft.replace(file)


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
