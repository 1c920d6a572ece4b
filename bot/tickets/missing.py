"""What is missing of the four things that section 2.1 asks for."""

from bot.storage.tables import Ticket

NAME, ORDER_NUMBER = "name", "order_number"
DESCRIPTION, ATTACHMENTS = "description", "attachments"

# "If applicable" and "if needed", says section 2.1: an order's number where there is an order,
# pictures where something is to be seen on them.
WITHOUT_AN_ORDER = frozenset(
    {
        *("product_question", "account", "feedback", "language", "accessibility"),
        *("privacy", "not_covered", "other"),
    }
)
WITH_PICTURES = frozenset({"damaged", "wrong_item"})


def missing_of(ticket: Ticket) -> tuple[str, ...]:
    """The things that this ticket needs and does not have, in the policy's order (section 2.1)."""
    wanted = {
        NAME: ticket.name,
        ORDER_NUMBER: ticket.order_number or ticket.category in WITHOUT_AN_ORDER,
        DESCRIPTION: ticket.description,
        ATTACHMENTS: ticket.attachment_count or ticket.category not in WITH_PICTURES,
    }
    return tuple(name for name, given in wanted.items() if not given)
