"""The policy held against all that speaks for it: answers, mails, tests, numbers and promises."""

from bot.audit.check import Audit
from bot.audit.diff import Diff, compare
from bot.audit.diff_text import diff_lines
from bot.audit.fault import Fault

__all__ = ["Audit", "Diff", "Fault", "compare", "diff_lines"]
