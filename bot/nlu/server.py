"""Serves a trained model on loopback: our own channel and a probe, and nothing else of Rasa."""

from __future__ import annotations

import os

# Read when TensorFlow and Rasa are imported, further down. One thread each is faster here.
os.environ.setdefault("TF_INTRA_OP_PARALLELISM_THREADS", "1")
os.environ.setdefault("TF_INTER_OP_PARALLELISM_THREADS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["SANIC_HOST"] = "127.0.0.1"

import argparse
import asyncio
import hmac
import logging
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import register
from rasa.core.run import create_http_input_channels
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import RasaException
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.nlu.card import ModelRefused
from bot.nlu.models import verify

HOST = "127.0.0.1"
MAX_BODY_BYTES = 65_536
REQUEST_SECONDS = 10

logger = logging.getLogger("bot.nlu.server")  # as a process of its own it is `__main__`


class NotServed(Exception):
    """Serving cannot begin; the text says why and what to do."""


def load(model: Path, endpoints_file: str = "endpoints.yml") -> Agent:
    """The dialogue of this model, ready for turns. Raises NotServed.

    Rasa would go on in memory when the tracker's file cannot be written, and forget a form at the
    next start without a word; so the store is used without that safety net, and a turn that
    cannot be kept fails.
    """
    endpoints = AvailableEndpoints.read_endpoints(endpoints_file)
    store = TrackerStore.create(endpoints.tracker_store)
    endpoints.tracker_store = store
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside Rasa's pins, none of them ours
        agent = asyncio.run(load_agent(model_path=str(model), endpoints=endpoints))
    if not agent.is_ready():
        raise NotServed(f"The model {model.name} could not be loaded. Train again: make train.")
    agent.tracker_store = store
    agent.processor.tracker_store = store
    return agent


def application(agent: Agent, token: str, credentials_file: str = "credentials.yml") -> Sanic:
    """The web application: the channels of the credentials, and `GET /status?token=`."""
    app = Sanic("kendrascntt_rasa", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.REQUEST_TIMEOUT = REQUEST_SECONDS
    app.config.RESPONSE_TIMEOUT = REQUEST_SECONDS
    app.config.FALLBACK_ERROR_FORMAT = "text"
    app.ctx.agent = agent
    register(create_http_input_channels(None, credentials_file), app, route="/webhooks/")

    @app.get("/status")
    async def status(request: Request) -> HTTPResponse:
        given = request.args.get("token", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, token.encode()):
            return response.json({"error": {"code": "unauthorised"}}, status=401)
        return response.json({"model": agent.model_name, "model_id": agent.model_id})

    return app


def trust_action_replies() -> None:
    """Check an action's reply for being an object only, not against Rasa's whole JSON schema.

    The action server is our own, behind a token; the schema took two thirds of a turn's time.
    """

    def is_object(self: RemoteAction, result: Any) -> bool:
        if not isinstance(result, dict):
            raise RasaException(f"The action {self.name()} did not answer with an object.")
        return True

    RemoteAction._validate_action_result = is_object


def keep_logs_quiet(level: str) -> None:
    """Log warnings and failures, never what a visitor wrote: Rasa does so below that level."""
    configure_structlog(logging.WARNING)
    # Rasa has just put in a handler of its own, which tells neither time nor level.
    logging.basicConfig(
        level=logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
    for name in ("rasa", "sanic.root", "sanic.error", "sanic.access", "apscheduler", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It writes an action's traceback, and with it what the visitor wrote; the cause of a failed
    # turn is logged by the channel.
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)
    logging.getLogger("bot.nlu").setLevel(max(logging.getLevelName(level), logging.INFO))


def serve(model: Path, port: int) -> None:
    """Answer turns until a signal comes. Raises NotServed."""
    token = os.environ.get("BOT_RASA_TOKEN", "")
    if not token:
        raise NotServed("BOT_RASA_TOKEN is not set; `bot run` sets it.")
    trust_action_replies()
    app = application(load(model), token)
    logger.info("Serving %s on %s:%d", model.name, HOST, port)
    app.run(host=HOST, port=port, access_log=False, motd=False, workers=1)


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m bot.nlu.server --port PORT --model FILE`: 1 and a sentence where it cannot."""
    parser = argparse.ArgumentParser(prog="bot.nlu.server", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="loopback port to listen on")
    parser.add_argument("--model", type=Path, required=True, help="a model of our own training")
    options = parser.parse_args(arguments)
    keep_logs_quiet(os.environ.get("BOT_LOG_LEVEL", "INFO"))
    try:
        # A model is unpickled when it is loaded, so only our own training's are.
        verify(options.model)
        serve(options.model, options.port)
    except (NotServed, ModelRefused, RasaException) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
