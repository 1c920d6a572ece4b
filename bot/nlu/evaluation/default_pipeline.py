"""The pipeline that `rasa init` proposes, taken from Rasa itself, and its training.

python -m bot.nlu.evaluation.default_pipeline --minutes 30 --into FOLDER --name NAME.tar.gz
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.nlu import rasa_training
from bot.nlu.evaluation.time_limit import fits_within
from bot.nlu.fingerprint import Sources

PROPOSED = "default_config.yml"
EPOCHS = 100
FITS_FILE = "fits.json"


def proposed_pipeline(epochs: int = EPOCHS) -> list[dict[str, Any]]:
    """What Rasa fills in where a configuration names no pipeline.

    Other epochs than its own are for tests, which want it quick and not good.
    """
    folder = resources.files("rasa.engine.recipes.config_files")
    content: Any = YAML(typ="safe").load((folder / PROPOSED).read_text(encoding="utf-8"))
    pipeline: list[dict[str, Any]] = content["pipeline"]
    return [
        {**component, "epochs": epochs} if "epochs" in component else component
        for component in pipeline
    ]


def configuration(epochs: int = EPOCHS) -> dict[str, Any]:
    """The proposed pipeline with the one policy that we use, so that only the pipeline differs."""
    return {
        "recipe": "default.v1",
        "assistant_id": "default-pipeline",
        "language": "en",
        "pipeline": proposed_pipeline(epochs),
        "policies": [{"name": "RulePolicy", "enable_fallback_prediction": False}],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Train it on the same data, rules and domain; say beside it how far its networks came."""
    parser = argparse.ArgumentParser(prog="bot.nlu.evaluation.default_pipeline")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--minutes", type=float, default=0.0, help="of CPU time; 0: no limit")
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--name", required=True)
    Sources.add_options(parser)
    chosen = parser.parse_args(arguments)
    given = configuration(chosen.epochs)
    config = chosen.into / "config.yml"
    config.write_text(json.dumps(given, indent=2), encoding="utf-8")  # JSON is YAML
    rasa_training.load_rasa()
    with fits_within(chosen.minutes) as fits:
        rasa_training.train(Sources(chosen.data, chosen.domain, config), chosen.into, chosen.name)
    told = [
        {
            "epochs": fit.epochs,
            "proposed": EPOCHS,
            "learned": round(fit.learned, 4),
            "missing_cpu_seconds": round(fit.missing_cpu_seconds, 1),
        }
        for fit in fits
    ]
    (chosen.into / FITS_FILE).write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
