"""The policy held against all that speaks for it: answers, mails, tests, numbers and promises."""

from bot.audit.check import Audit
from bot.audit.diff import Diff, compare
from bot.audit.diff_text import diff_lines
from bot.audit.fault import Fault
from bot.audit.page import report_body, write_report
from bot.audit.report import Report, make_report

__all__ = [
    "Audit",
    "Diff",
    "Fault",
    "Report",
    "compare",
    "diff_lines",
    "make_report",
    "report_body",
    "write_report",
]
