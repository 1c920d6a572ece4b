"""The shop's policy: its clauses, its business calendar and the promises that follow from them."""

from bot.policy.calendar import BusinessCalendar
from bot.policy.document import Clause, Fact, Policy, Quantity, Reading, Source, TicketClass
from bot.policy.hours import CalendarError, PeakPeriod, Window
from bot.policy.loading import PolicyError, load_policy
from bot.policy.promises import (
    Promise,
    acknowledgement_promise,
    carrier_trace_promise,
    first_reply_promise,
    refund_promise,
    resumed_promise,
)
from bot.policy.zones import due_text, exact_text, known_zone, zone_label

__all__ = [
    "BusinessCalendar",
    "CalendarError",
    "Clause",
    "Fact",
    "PeakPeriod",
    "Policy",
    "PolicyError",
    "Promise",
    "Quantity",
    "Reading",
    "Source",
    "TicketClass",
    "Window",
    "acknowledgement_promise",
    "carrier_trace_promise",
    "due_text",
    "exact_text",
    "first_reply_promise",
    "known_zone",
    "load_policy",
    "refund_promise",
    "resumed_promise",
    "zone_label",
]
