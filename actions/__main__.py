"""`python -m actions --port PORT`: the action server with the shop's own orders and tickets."""

import argparse
import logging
import sys

from actions.server import HOST, create_app
from bot.app import compose
from bot.settings import Settings, actions_token


def main() -> int:
    """Answer until a signal comes."""
    parser = argparse.ArgumentParser(prog="actions", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="loopback port to listen on")
    options = parser.parse_args()
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    settings = Settings()
    services = compose(settings)
    app = create_app(
        services.orders,
        services.ticket_lookup,
        services.codes,
        services.catalogue,
        actions_token(settings),
    )
    app.run(host=HOST, port=options.port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
