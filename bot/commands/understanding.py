"""`bot train`, `bot evaluate` and `bot understand`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.reading import read_settings

app = typer.Typer()


@app.command()
def train(
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Only where no model fits today's data.")
    ] = False,
) -> None:
    """Check the training data, train, and print the model's figures."""
    from bot.first_start import current_model
    from bot.first_start import train as train_model

    if if_needed:
        current_model(read_settings(), typer.echo)
    else:
        raise typer.Exit(train_model(read_settings()))


@app.command()
def evaluate(
    our_model: Annotated[
        Path | None, typer.Option(help="Measure this model; train none of ours.", exists=True)
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Train the default anew, also where it is kept.")
    ] = False,
    default_minutes: Annotated[
        float | None,
        typer.Option(
            help="CPU time of the default's networks; 0: no limit.", min=0, show_default="30"
        ),
    ] = None,
) -> None:
    """Measure what is understood on held-out messages, beside Rasa's default pipeline."""
    from bot.first_start import evaluate as evaluate_models

    arguments = ["--fresh"] if fresh else []
    if our_model is not None:
        arguments += ["--our-model", str(our_model.resolve())]
    if default_minutes is not None:
        arguments += ["--default-minutes", str(default_minutes)]
    raise typer.Exit(evaluate_models(read_settings(), arguments))


@app.command()
def understand() -> None:
    """Read a text a line, write what each is taken for, a JSON object a line."""
    from bot.first_start import understand as understand_lines

    raise typer.Exit(understand_lines(read_settings(), typer.echo))
