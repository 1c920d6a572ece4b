"""Accounts to try the assistant with: random passwords for each installation."""

from typing import NamedTuple

from sqlalchemy import delete, select, update

from bot.accounts.accounts import Accounts
from bot.accounts.views import Role
from bot.settings import Secrets
from bot.storage import Database
from bot.storage.tables import Account, Conversation

PEOPLE = (
    (Role.AGENT, "bob@example.com", "Bob"),
    (Role.TRAINER, "tara@example.com", "Tara"),
    (Role.OWNER, "olivia@example.com", "Olivia"),
)


class DemonstrationSignIn(NamedTuple):
    """What to sign in with."""

    role: str
    email: str
    password: str


def demonstration_accounts(accounts: Accounts, secrets: Secrets) -> list[DemonstrationSignIn]:
    """Make the demonstration's accounts, or find them again; how to sign in to each.

    The passwords are kept as secrets named `demonstration_<role>`. An account that happens to
    have one of the addresses without being the demonstration's is left alone and not listed.
    """
    listed = []
    for role, email, name in PEOPLE:
        password = secrets.get(f"demonstration_{role}")
        if accounts.keep_demonstration(email, name, role, password):
            listed.append(DemonstrationSignIn(role.value, email, password))
    return listed


def remove_demonstration(database: Database) -> int:
    """Delete the demonstration's accounts with their sign-ins; how many were deleted.

    The conversations they had go back to the assistant, so that no visitor talks to nobody.
    """
    theirs = select(Account.id).where(Account.demonstration)
    with database.write() as session:
        session.execute(
            update(Conversation)
            .where(Conversation.agent_id.in_(theirs))
            .values(state="bot", agent_id=None, dialogue=Conversation.dialogue + 1)
            .execution_options(synchronize_session=False)
        )
        gone = session.scalars(delete(Account).where(Account.demonstration).returning(Account.id))
        return len(gone.all())
