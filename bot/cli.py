"""The `bot` command: what the owner and the processes call."""

import sys

import typer

from bot.commands import privacy, processes, state, understanding
from bot.commands.peak import peak
from bot.commands.policy import policy
from bot.commands.users import users

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for group in (processes.app, understanding.app, state.app, privacy.app):
    app.add_typer(group)
app.add_typer(users, name="users")
app.add_typer(peak, name="peak")
app.add_typer(policy, name="policy")


def main() -> None:
    """Run a command; a failure that people can mend ends in one sentence and code 1."""
    from sqlalchemy.exc import ArgumentError, OperationalError

    from bot.assistant import WordingError
    from bot.first_start import NoModel
    from bot.mail import MailAddressError, MailTemplateError
    from bot.mail.imap_mailbox import MailboxAddressWrong
    from bot.policy import CalendarError, PolicyError
    from bot.storage import DatabaseUnavailable

    try:
        app()
    except (PolicyError, CalendarError, WordingError, MailTemplateError) as error:
        sys.exit(str(error))
    except (MailAddressError, NoModel) as error:
        sys.exit(str(error))
    except (DatabaseUnavailable, OperationalError) as error:
        cause = str(error.orig) if isinstance(error, OperationalError) else str(error)
        sys.exit(f"The database is not available ({cause.strip()}); try again in a moment.")
    except MailboxAddressWrong as error:
        sys.exit(f"The setting BOT_IMAP_URL is wrong: {error}.")
    except (ArgumentError, ImportError) as error:
        sys.exit(f"BOT_DATABASE_URL cannot be used: {error}. Unset it, or name SQLite/PostgreSQL.")
    except OSError as error:
        sys.exit(f"{error.strerror}: {error.filename}. Mend that and run the same command again.")
