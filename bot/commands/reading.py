"""Reads the settings for a command; what is wrong with them is said in one sentence."""

import sys

from pydantic import ValidationError

from bot.settings import Settings


def read_settings() -> Settings:
    """The settings; a wrong one ends the command with a sentence."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        said = fault["msg"].removeprefix("Value error, ")
        if not fault["loc"]:
            sys.exit(f"The settings do not go together: {said}.")
        name = "BOT_" + "_".join(str(part) for part in fault["loc"]).upper()
        sys.exit(f"The setting {name} is wrong: {said}. `bot settings` lists them all.")
