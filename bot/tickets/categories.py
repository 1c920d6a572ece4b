"""Which category a ticket gets from what the visitor asked for, or asked about."""

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
    # Questions that have a category of their own, for a talk with a person that follows them.
    # The rest of the questions leave what was requested before as it is.
    "faq/account": "account",
    "faq/language": "language",
    "faq/accessibility": "accessibility",
    "faq/privacy": "privacy",
    **dict.fromkeys(
        (
            *("product/materials", "product/sizing", "product/care", "product/availability"),
            *("product/price", "product/customization", "product/browse"),
        ),
        "product_question",
    ),
    **dict.fromkeys(
        (
            *("not_covered/promotions", "not_covered/payment_methods", "not_covered/gift"),
            *("not_covered/pricing_dispute", "not_covered/membership", "not_covered/billing"),
            *("not_covered/site_problem", "not_covered/other"),
        ),
        "not_covered",
    ),
}


def category_of(label: str | None) -> str:
    """The category of the last request understood in a conversation; without one, other."""
    return CATEGORY_OF_REQUEST.get(label or "", OTHER)
