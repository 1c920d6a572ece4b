"""`bot export` and `bot erase`: what is kept of a person, handed out or erased (section 5.3)."""

from typing import Annotated

import typer

from bot.commands.reading import read_settings

app = typer.Typer()

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@app.command()
def export(email: Email) -> None:
    """Print everything that is kept of a person, as JSON."""
    from bot.app import compose
    from bot.privacy.export import as_json

    typer.echo(as_json(compose(read_settings()).people.export(email)))


@app.command()
def erase(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase everything that is kept of a person, open cases and orders too."""
    from bot.app import compose

    if "@" not in email:
        raise typer.BadParameter(f"{email} is no e-mail address.")
    if not yes:
        typer.confirm(f"Erase everything of {email}? It cannot be brought back", abort=True)
    erased = compose(read_settings()).people.erase(email)
    typer.echo(
        f"Erased: {erased.conversations} conversations, {erased.tickets} cases, "
        f"{erased.mails} mails, {erased.orders} orders. Backups and the shop's own order system "
        "are not touched."
    )
