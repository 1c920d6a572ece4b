"""Public holidays of a country, or of one of its regions, a finished year at a time."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

from bot.policy.hours import CalendarError


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """Names in English by date. Raises CalendarError for a country or region that is not known.

    A year is finished before anybody sees it: the library's own lazy years may be seen half-filled
    by another thread.
    """
    try:
        found = holidays.country_holidays(
            country, subdiv=region, years=year, expand=False, language="en_US"
        )
    except NotImplementedError as error:
        raise CalendarError(f"no public holidays are known: {error}") from error
    return MappingProxyType(dict(found))
