"""Whether a person is there to take a conversation right now."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.accounts.views import Role
from bot.storage.tables import Account, SignIn

# An open console asks for news at least every 25 s and is noted at most every 30 s.
SEEN_WITHIN = timedelta(seconds=90)


def anyone_available(session: Session, now: datetime) -> bool:
    """Whether an agent or the owner is set to available and has a console open.

    Opening hours are not asked for here: they belong to the business calendar.
    """
    return bool(
        session.scalar(
            select(
                exists().where(
                    SignIn.account_id == Account.id,
                    Account.role.in_((Role.AGENT.value, Role.OWNER.value)),
                    Account.available,
                    SignIn.expires_at > now,
                    SignIn.seen_at > now - SEEN_WITHIN,
                )
            )
        )
    )
