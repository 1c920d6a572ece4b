"""The one database: engine, tables, migrations."""

from bot.storage.engine import Database, DatabaseUnavailable

__all__ = ["Database", "DatabaseUnavailable"]
