"""A PostgreSQL of the tests' own: private folder, private socket, no port; it goes with them."""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 60
# PostgreSQL refuses to run as root; then it runs as the user who owns nothing.
UNPRIVILEGED = "nobody"
# Reads until the tests are gone, however they ended, and leaves nothing of theirs behind.
WATCH = 'read _; kill -QUIT "$(head -n 1 "$0/data/postmaster.pid")"; sleep 1; rm -rf "$0"'
# Nothing that the ordinary tests store has to outlive a power cut.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer:
    """One running server; its databases are made from templates and named by a counter."""

    def __init__(self, folder: Path, programs: Path, *, durable: bool) -> None:
        self._folder = folder
        self._programs = programs
        private = ("listen_addresses=", f"unix_socket_directories={folder}")
        self._settings = private + (() if durable else FORGETFUL)
        self._numbers = itertools.count(1)
        self._data = folder / "data"
        locale = ("--encoding=UTF8", "--no-locale", "--auth=trust", "--username=postgres")
        self._run("initdb", *locale, *(() if durable else ("--no-sync",)))

    def url(self, database: str) -> str:
        """The address of a database, as `BOT_DATABASE_URL` takes it."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def start(self) -> None:
        """Start and wait until it answers."""
        options = " ".join(f"-c {setting}" for setting in self._settings)
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", log, "-o", options)

    def crash(self) -> None:
        """Stop at once, like a power cut of the server: it recovers when started again."""
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def create(self, template: str = "template0") -> str:
        """A new database like the template; gives its name."""
        name = f"test_{next(self._numbers)}"
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Delete a database, throwing out who is connected."""
        self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        # To a file: a server that is started would keep a pipe open.
        with (self._folder / "commands").open("a+b") as output:
            done = subprocess.run(
                [str(self._programs / program), "-D", str(self._data), *arguments],
                stdout=output,
                stderr=output,
                check=False,
                cwd=self._folder,
                **_unprivileged(),
            )
            output.seek(0)
            assert done.returncode == 0, output.read()[-4000:].decode("utf-8", "replace")


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A running server in a folder of its own, which is deleted at the end.

    `durable` as a shop would run it; without, it is faster and may forget in a power cut.
    """
    # Not in pytest's folder: a socket's path may have about a hundred characters.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    watch = subprocess.Popen(
        ["sh", "-c", WATCH, str(folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if runs_as := _unprivileged():
            os.chown(folder, runs_as["user"], runs_as["group"])
        server = PostgresServer(folder, _programs(folder), durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.crash()  # what it still had to write is deleted in a moment
    finally:
        shutil.rmtree(folder)
        watch.kill()
        watch.communicate()


def _programs(folder: Path) -> Path:
    """Where PostgreSQL's programs are, copied where its user could not reach them."""
    package = importlib.util.find_spec("pgserver")
    assert package
    assert package.origin
    installed = Path(package.origin).parent
    programs = installed / "pginstall" / "bin"
    try:
        subprocess.run(
            [str(programs / "postgres"), "--version"],
            check=True,
            capture_output=True,
            cwd=folder,
            **_unprivileged(),
        )
    except PermissionError:
        # The programs look for their libraries beside the package.
        for part in (Path("pgserver", "pginstall"), Path("pgserver.libs")):
            shutil.copytree(installed.parent / part, folder / part)
        return folder / "pgserver" / "pginstall" / "bin"
    return programs


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(UNPRIVILEGED)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}
