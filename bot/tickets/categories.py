"""Which category a ticket gets from what the visitor asked for."""

OTHER = "other"

# The classes of the categories, urgent or general, stand in the policy's data (section 3).
CATEGORY_OF_REQUEST = {
    "track_order": "delay",
    "cancel_order": "cancellation",
    "change_order": "order_change",
    "change_address": "address_change",
    "request_return": "return",
    "request_refund": "refund",
    "refund_status": "refund",
    "request_exchange": "exchange",
    "report_damaged": "damaged",
    "report_wrong_item": "wrong_item",
    "report_missing_package": "missing_package",
    "report_delay": "delay",
    "recover_account": "account",
    "update_account": "account",
    "order_history": "account",
    "give_feedback": "feedback",
    "privacy_request": "privacy",
}


def category_of(label: str | None) -> str:
    """The category of the last request understood in a conversation; without one, other."""
    return CATEGORY_OF_REQUEST.get(label or "", OTHER)
