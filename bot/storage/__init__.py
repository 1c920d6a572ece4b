"""The one database: engine, tables, migrations."""

from bot.storage.as_told import PromiseChanged
from bot.storage.engine import Database, DatabaseUnavailable, ValueRefused

__all__ = ["Database", "DatabaseUnavailable", "PromiseChanged", "ValueRefused"]
