"""Hands pip's settings on to uv, which does not read them."""

# ruff: noqa: S603 - the commands it runs are the project's own

import ast
import subprocess
import sys
from collections.abc import Mapping

# pip's setting, uv's variable, and what separates several values there.
HANDED_ON = (
    ("index-url", "UV_DEFAULT_INDEX", " "),
    ("extra-index-url", "UV_INDEX", " "),
    ("find-links", "UV_FIND_LINKS", ","),
    ("trusted-host", "UV_INSECURE_HOST", " "),
    ("timeout", "UV_HTTP_TIMEOUT", " "),
    ("default-timeout", "UV_HTTP_TIMEOUT", " "),
    ("cert", "SSL_CERT_FILE", " "),
    ("client-cert", "SSL_CLIENT_CERT", " "),
    ("proxy", "HTTPS_PROXY", " "),
    ("proxy", "HTTP_PROXY", " "),
)
# An older way to say the same to uv: it wins over what pip is told.
OLDER_NAMES = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}


def uv_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv: this one, with pip's index, proxy and certificates in it.

    What is already said to uv itself stays as it is.
    """
    settings = parse_pip_settings(_pip_config_list(environ))
    env = dict(environ)
    for setting, variable, separator in HANDED_ON:
        values = settings.get(setting, "").split()
        if values and not env.get(variable) and not env.get(OLDER_NAMES.get(variable, "")):
            env[variable] = separator.join(values)
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        env.setdefault("UV_NO_INDEX", "1")
    # As pip does; safe here, because every file is checked against its recorded hash.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return env


def parse_pip_settings(listing: str) -> dict[str, str]:
    """Read what `pip config list` prints; variables win over `install`, that over `global`."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, setting = name.partition(".")
        if section in found:
            try:
                found[section][setting] = str(ast.literal_eval(value))
            except (SyntaxError, ValueError):
                continue
    return {**found["global"], **found["install"], **found[":env:"]}


def _pip_config_list(environ: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    if listing.returncode == 0:
        return listing.stdout
    # No pip: its variables are all there is to go by.
    names = {f"PIP_{setting.upper().replace('-', '_')}": setting for setting, *_ in HANDED_ON}
    return "\n".join(
        f":env:.{setting}={environ[name]!r}" for name, setting in names.items() if name in environ
    )
