"""`bot settings`, `bot doctor` and `bot promises`: how things stand."""

from typing import Annotated

import typer
from pydantic.fields import FieldInfo

from bot.commands.reading import read_settings
from bot.settings import Settings

app = typer.Typer()


@app.command()
def settings() -> None:
    """List every setting with its value, unit and meaning."""
    found = read_settings()
    for name, field in Settings.model_fields.items():
        typer.echo(f"BOT_{name.upper()}={_shown(name, getattr(found, name))}")
        typer.echo(f"    {field.description}{_unit(field)} Default: {field.default}.")


def _shown(name: str, value: object) -> object:
    address = name.endswith("_url") and ("@" in str(value) or "password" in str(value))
    if value and (address or name.endswith("_token")):
        return "(set)"
    return "" if value is None else value


def _unit(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    unit = extra.get("unit") if isinstance(extra, dict) else None
    return f" In {unit}." if unit else ""


@app.command()
def doctor() -> None:
    """Say what is not well; ends with 1 only where the product cannot run."""
    from bot.doctor import examine
    from bot.first_start import find_model

    findings = examine(read_settings(), find_model)
    for finding in findings:
        typer.echo(finding.sentence)
    if not findings:
        typer.echo("All is well.")
    raise typer.Exit(any(finding.stops for finding in findings))


@app.command()
def promises(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """How what was promised stands, by clause of the policy: made, kept, at risk, broken."""
    from bot.app import compose
    from bot.tickets.promise_counts import as_json_text, as_table

    counts = compose(read_settings()).promise_counts.by_clause()
    typer.echo(as_json_text(counts) if as_json else as_table(counts))
