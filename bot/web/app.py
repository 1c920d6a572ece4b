"""The public web process: routes under their headings, limits, start and stop."""

import asyncio
import logging
from collections import Counter
from typing import Any

from sanic import Sanic
from sanic.config import Config

from bot import languages
from bot.app import Services, assistant_of, turns_of
from bot.web.attachments import attachment_routes
from bot.web.cases import cases
from bot.web.console import console
from bot.web.errors import answer_failures
from bot.web.own_data import own_data_routes
from bot.web.pages import Pages, pages
from bot.web.patience import CONNECTIONS_PER_ADDRESS, PatientProtocol
from bot.web.security import secure
from bot.web.socket import visitor_socket
from bot.web.visitor import visitor_api
from bot.web.widget import widget_routes

MAX_BODY_BYTES = 64 * 1024
REQUEST_SECONDS = 15.0  # from a request's first byte to its last, however they trickle in

log = logging.getLogger(__name__)


def create_app(
    services: Services,
    *,
    request_seconds: float = REQUEST_SECONDS,
    connections_per_address: int = CONNECTIONS_PER_ADDRESS,
) -> Sanic[Any, Any]:
    """The application on these services; it needs a running Rasa only to answer messages.

    It is to be served by PatientProtocol, which cuts requests that take longer to arrive than
    `request_seconds` and refuses more connections of one address than it is allowed.
    """
    config = Config(
        {
            "REQUEST_MAX_SIZE": MAX_BODY_BYTES,
            "REQUEST_TIMEOUT": request_seconds,
            "RESPONSE_TIMEOUT": 60,
            "KEEP_ALIVE_TIMEOUT": 60,
            "WEBSOCKET_MAX_SIZE": 4096,
            "GRACEFUL_SHUTDOWN_TIMEOUT": 4.0,
            "ACCESS_LOG": False,
            "FALLBACK_ERROR_FORMAT": "json",
            "OAS": False,
            "PROXIES_COUNT": 0,
        },
        env_prefix="BOT_SANIC_",  # no stray SANIC_… variable changes what is public
    )
    app: Sanic[Any, Any] = Sanic("assistant", config=config, configure_logging=False)
    app.ctx.services = services
    app.ctx.pages = Pages()
    app.ctx.connections = Counter()
    app.ctx.connections_per_address = connections_per_address
    assistant = assistant_of(services.settings)
    turns = turns_of(services, assistant)

    secure(app, services.settings)
    answer_failures(app)
    # Pages
    app.blueprint(pages(services, app.ctx.pages, assistant))
    app.blueprint(console(services))
    app.blueprint(cases(services))
    # The widget and its API
    app.blueprint(widget_routes(services))
    app.blueprint(visitor_api(services, turns))
    app.blueprint(visitor_socket(services))
    app.blueprint(attachment_routes(services))
    app.blueprint(own_data_routes(services))

    @app.after_server_start
    async def begin(_: Sanic[Any, Any]) -> None:
        app.ctx.background = [
            asyncio.create_task(turns.sweep(), name="the sweep for turns that are owed"),
            asyncio.create_task(services.feed.follow(), name="the look-out for news"),
        ]
        for task in app.ctx.background:
            task.add_done_callback(tell_of_an_end)

    @app.before_server_stop
    async def end(_: Sanic[Any, Any]) -> None:
        for task in app.ctx.background:
            task.cancel()
        await turns.finish()
        await assistant.close()

    return app


def tell_of_an_end(task: asyncio.Task[None]) -> None:
    """Say so when a task ended that should go on for as long as the process does."""
    if not task.cancelled():
        log.error("%s has ended", task.get_name(), exc_info=task.exception())


def serve(services: Services) -> None:
    """Serve until told to stop; one process, the supervisor restarts it."""
    languages.prepare()
    app = create_app(services)
    app.prepare(
        host=services.settings.host,
        port=services.settings.port,
        protocol=PatientProtocol,
        single_process=True,
        motd=False,
        access_log=False,
    )
    Sanic.serve_single(primary=app)
