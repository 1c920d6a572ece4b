"""Orders and products as the shop knows them, and the proof that an order is the visitor's."""

from bot.orders.catalogue import Catalogue
from bot.orders.orders import Orders, normalised_email, normalised_number
from bot.orders.views import OrderEventView, OrderLineView, OrderState, OrderView, ProductView

__all__ = [
    "Catalogue",
    "OrderEventView",
    "OrderLineView",
    "OrderState",
    "OrderView",
    "Orders",
    "ProductView",
    "normalised_email",
    "normalised_number",
]
