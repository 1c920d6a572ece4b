"""What visitors ask that the published policy does not say, counted."""

from bot.demand.demand import Count, Demand

__all__ = ["Count", "Demand"]
