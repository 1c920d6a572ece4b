"""Keeps what a visitor was told as it was told: a stored promise only ever gets its `kept_at`."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from bot.storage.tables import PromiseRecord

LATER = frozenset({"kept_at"})


class PromiseChanged(Exception):
    """A promise stays as it was told; a later date is a further promise."""


@event.listens_for(PromiseRecord, "before_update")
def _refuse_a_change(_mapper: Mapper[Any], _connection: Any, promise: PromiseRecord) -> None:
    for attribute in inspect(promise).attrs:
        history = attribute.history
        if history.has_changes() and (attribute.key not in LATER or any(history.deleted)):
            raise PromiseChanged(attribute.key)


@event.listens_for(Session, "do_orm_execute")
def _refuse_changes_of_many(state: ORMExecuteState) -> None:
    if not state.is_update or state.bind_mapper is not inspect(PromiseRecord):
        return
    statement: Any = state.statement
    names = {getattr(column, "key", column) for column in statement._values or {}}
    if names - LATER:
        raise PromiseChanged(", ".join(sorted(names - LATER)))
