"""Orders and products as the shop knows them, and the proof that an order is the visitor's."""

from bot.orders.catalogue import Catalogue
from bot.orders.catalogue_search import Found, Match
from bot.orders.catalogue_wish import Wish
from bot.orders.orders import Orders, normalised_email, normalised_number
from bot.orders.views import OrderEventView, OrderLineView, OrderState, OrderView, ProductView

__all__ = [
    "Catalogue",
    "Found",
    "Match",
    "OrderEventView",
    "OrderLineView",
    "OrderState",
    "OrderView",
    "Orders",
    "ProductView",
    "Wish",
    "normalised_email",
    "normalised_number",
]
