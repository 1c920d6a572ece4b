"""`bot users`: people with an account."""

import sys
from typing import Annotated

import typer

from bot.commands.reading import read_settings

users = typer.Typer(no_args_is_help=True, help="People with an account.")


@users.command("add")
def add_user(
    email: str,
    role: Annotated[str, typer.Option(help="agent, trainer or owner")],
    name: Annotated[str, typer.Option(help="As visitors see it.")] = "",
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    from bot.accounts import AccountError
    from bot.app import compose
    from bot.storage.migrate import migrate

    services = compose(read_settings())
    migrate(services.database)
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        services.accounts.add(email, name or email.partition("@")[0], role, password)
    except (AccountError, ValueError) as error:
        sys.exit(str(error))
    typer.echo(f"{email} can sign in as {role}.")
