"""What must be there before the processes start: tables, demonstration, a current model."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.accounts import Accounts
from bot.accounts.demonstration import DemonstrationSignIn, demonstration_accounts
from bot.accounts.demonstration import remove_demonstration as remove_accounts
from bot.app import compose, transport_of
from bot.assistant import WordingError, faults_of_answers
from bot.clock import clock_from
from bot.languages import detect
from bot.orders import Catalogue
from bot.orders.catalogue_file import CATALOGUE_FILE, write_catalogue_words
from bot.orders.demonstration import demonstration_pieces, load_demonstration
from bot.orders.demonstration import remove_demonstration as remove_orders
from bot.settings import ROOT, Secrets, Settings
from bot.storage import Database
from bot.storage.migrate import migrate

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


class NoModel(Exception):
    """There is no current model and none could be trained; the text says why."""


def prepare_database(settings: Settings) -> list[DemonstrationSignIn]:
    """Bring the database up to date; fill in the demonstration, or delete it when it is off.

    What the catalogue's pieces are called is then told to the Rasa side.
    Gives the demonstration's sign-ins: role, e-mail, password.
    """
    clock = clock_from(settings.clock_file)
    database = Database(settings.database)
    try:
        migrate(database)
        if settings.demonstration:
            load_demonstration(database, clock())
        else:
            remove_orders(database)
            remove_accounts(database)
        write_catalogue_words(Catalogue(database).products(), settings.data_dir)
        if not settings.demonstration:
            return []
        accounts = Accounts(database, clock, session_hours=settings.session_hours)
        return demonstration_accounts(accounts, Secrets(settings.data_dir / "secrets"))
    finally:
        database.close()


def check_files(settings: Settings) -> None:
    """Read the policy, the settings, the answers and the mails before anything long begins.

    Raises PolicyError, CalendarError, WordingError, MailTemplateError or MailAddressError, each
    with what to mend and where.
    """
    services = compose(settings)
    services.database.close()
    transport_of(settings)
    if faults := faults_of_answers(services.words, ROOT):
        raise WordingError("\n".join(faults))


def find_model(settings: Settings) -> Path | None:
    """The newest model of our own from today's data, or None. Raises NoModel."""
    models = str(settings.models_dir)
    found = _rasa_side(settings, "bot.nlu.models", "current", "--models", models, capture=True)
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def current_model(settings: Settings, say: Callable[[str], None]) -> Path:
    """The newest model of our own that was trained from today's data; trains one if needed.

    Raises NoModel.
    """
    found = find_model(settings)
    if found is None:
        say("No model fits today's training data; training one.")
        if train(settings) != 0 or (found := find_model(settings)) is None:
            raise NoModel("Training failed; what it printed above says what to mend.")
    return found


def train(settings: Settings) -> int:
    """Check the files, train on the Rasa side with its output shown; gives the exit code.

    Raises what `check_files` raises.
    """
    check_files(settings)
    _tell_catalogue_words(settings)
    return _rasa_side(settings, "bot.nlu.train", "--out", str(settings.models_dir)).returncode


def understand(settings: Settings, say: Callable[[str], None]) -> int:
    """Read texts from standard input on the Rasa side, say what each is; gives the exit code."""
    _tell_catalogue_words(settings)
    command = _rasa_command(settings, "bot.nlu.understand", "--models", str(settings.models_dir))
    environment = _rasa_environment(settings)
    with subprocess.Popen(  # noqa: S603  # our own module, with arguments from the settings
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE
    ) as rasa_side:
        for line in rasa_side.stdout or ():
            say(with_language(line))
    return rasa_side.returncode


def with_language(line: str) -> str:
    """A line of what was understood with the language of its text, which the Rasa side ignores.

    With another language than English the assistant does not go on with the label.
    """
    understood = json.loads(line)
    detected = detect(understood["text"])
    if detected.sure:
        understood |= {"language": detected.language, "accepted": False}
    return json.dumps(understood)


def evaluate(settings: Settings, arguments: Sequence[str]) -> int:
    """Measure on held-out messages, beside Rasa's own pipeline; gives the exit code.

    Raises what `check_files` raises.
    """
    check_files(settings)
    out = str(settings.data_dir / "evaluation")
    return _rasa_side(settings, "bot.nlu.evaluation", "--out", out, *arguments).returncode


def _tell_catalogue_words(settings: Settings) -> None:
    """Before a first start there is no database yet: the demonstration's own pieces are told."""
    if settings.demonstration and not (settings.data_dir / CATALOGUE_FILE).exists():
        write_catalogue_words(demonstration_pieces().values(), settings.data_dir)


def _rasa_side(
    settings: Settings, module: str, *arguments: str, capture: bool = False
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own module, with arguments from the settings
        _rasa_command(settings, module, *arguments),
        cwd=ROOT,
        env=_rasa_environment(settings),
        check=False,
        text=True,
        stdout=subprocess.PIPE if capture else None,
    )


def _rasa_command(settings: Settings, module: str, *arguments: str) -> list[str]:
    """One of our modules in the Rasa environment. Raises NoModel when that is missing."""
    Secrets(settings.data_dir / "secrets").get("model_key")
    key_file = str(settings.data_dir / "secrets" / "model_key")
    if not RASA_PYTHON.exists():
        raise NoModel("The Rasa environment is missing; run `make setup`.")
    return [str(RASA_PYTHON), "-m", module, *arguments, "--key-file", key_file]


def _rasa_environment(settings: Settings) -> dict[str, str]:
    # Deprecations inside Rasa's pins are nobody's to mend here.
    return {**os.environ, "BOT_DATA_DIR": str(settings.data_dir), "PYTHONWARNINGS": "ignore"}
