"""The embedded stack with real servers: what it promises, and that it leaves nothing behind."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from chassis.relay import producing
from deploy.local import kafka
from deploy.local.lock import FolderLock
from deploy.local.process import Child, Supervisor
from deploy.local.reaper import TOKEN_VARIABLE
from deploy.local.stack import Stack, StackError

STOP_SECONDS = 60

CHILD = """
import json, signal, sys
from pathlib import Path
from chibo import interruption
from deploy.local.stack import Stack
signal.signal(signal.SIGINT, interruption._ask)  # Python drops a Ctrl-C that falls into a finaliser
stack = Stack.start(Path(sys.argv[1]) if len(sys.argv) > 1 else None, progress=lambda line: print(line, flush=True))
pids = [stack.postgres.pid, stack.kafka_server.pid]
interruption.check()
print(json.dumps({"folder": str(stack.folder), "pids": pids, "reaper": stack._reaper.pid}), flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here are the embedded servers, even where others are set for the rest of the tests."""
    monkeypatch.delenv("CHIBO_DATABASE_URL", raising=False)
    monkeypatch.delenv("CHIBO_KAFKA", raising=False)


@pytest.fixture(scope="module")
def running() -> Iterable[Stack]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CHIBO_DATABASE_URL", raising=False)
        patch.delenv("CHIBO_KAFKA", raising=False)
        with Stack.start() as stack:
            yield stack


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Write a small service that `run_service` then finds before the real ones."""
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)  # where `python -m` looks first

    def write(name: str, code: str) -> None:
        (tmp_path / "services" / f"{name}.py").write_text(code)

    return write


async def produce(bootstrap: str, topic: str, count: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    finally:
        await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, acks="all") as producer:
        for number in range(count):
            await producer.send_and_wait(topic, str(number).encode(), key=str(number % 3).encode())


async def consume(bootstrap: str, topic: str, count: int) -> set[int]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id=topic, auto_offset_reset="earliest"
    )
    async with consumer, asyncio.timeout(30):
        return {int((await consumer.getone()).value) for _ in range(count)}


async def topics(bootstrap: str) -> list[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return list(await admin.list_topics())
    finally:
        await admin.close()


async def fetch(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def carriers(token: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(TOKEN_VARIABLE) == token:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


class TestServers:
    async def test_an_idempotent_producer_reaches_a_consumer_group(self, running: Stack) -> None:
        await produce(running.kafka, "round-trip", 30)
        assert await consume(running.kafka, "round-trip", 30) == set(range(30))

    async def test_what_the_services_send_compressed_is_unpacked_within_the_stacks_own_folder(
        self, running: Stack
    ) -> None:
        def unpacked(folder: Path) -> set[Path]:
            return set(folder.glob("*lz4*"))

        before = unpacked(Path(tempfile.gettempdir()))
        await produce(running.kafka, "compressed", 0)
        async with producing(running.kafka) as producer:
            await producer.send_and_wait("compressed", b"7" * 1000, partition=0)
        assert await consume(running.kafka, "compressed", 1) == {int("7" * 1000)}
        assert unpacked(Path(tempfile.gettempdir())) == before
        assert unpacked(running.folder / "kafka.scratch")

    async def test_a_topic_nobody_created_does_not_come_into_being(self, running: Stack) -> None:
        async with AIOKafkaProducer(bootstrap_servers=running.kafka, request_timeout_ms=1000) as producer:
            with pytest.raises(Exception, match=r"(?i)unknown|timeout|not found|KafkaTimeoutError"):
                async with asyncio.timeout(5):
                    await producer.send_and_wait("misspelt", b"x")
        assert "misspelt" not in await topics(running.kafka)

    async def test_each_service_has_its_own_database_closed_to_the_others(self, running: Stack) -> None:
        membership, reporting = running.database_url("membership"), running.database_url("reporting")
        assert await fetch(membership, "SELECT current_user || '@' || current_database()") == (
            "chibo_membership@chibo_membership"
        )
        await fetch(membership, "CREATE TABLE mine (id int)")
        await fetch(membership, "CREATE EXTENSION IF NOT EXISTS ltree")
        user = membership.removesuffix("chibo_membership")
        for other in (reporting.rsplit("/", 1)[1], "postgres", "template1"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
                await fetch(user + other, "SELECT 1")

    async def test_a_wrong_password_is_refused(self, running: Stack) -> None:
        url = running.database_url("membership")
        password = url.split(":")[2].split("@")[0]
        with pytest.raises(asyncpg.InvalidPasswordError):
            await fetch(url.replace(password, "wrong"), "SELECT 1")

    async def test_a_service_role_is_no_administrator(self, running: Stack) -> None:
        sql = "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert await fetch(running.database_url("membership"), sql) is False

    async def test_what_was_answered_is_on_disk(self, running: Stack) -> None:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await fetch(running.database_url("membership"), f"SHOW {name}") == "on"

    def test_servers_listen_on_the_loopback_interface_only(self, running: Stack) -> None:
        assert running.postgres is not None
        assert running.kafka_server is not None
        for pid in (running.postgres.pid, running.kafka_server.pid):
            listening = [
                one for one in psutil.Process(pid).net_connections("inet") if one.status == psutil.CONN_LISTEN
            ]
            assert listening
            # Java shows an IPv4 address in its IPv6 form.
            assert {one.laddr.ip.removeprefix("::ffff:") for one in listening} == {"127.0.0.1"}

    def test_ctrl_c_in_the_terminal_reaches_none_of_them(self, running: Stack) -> None:
        assert running.postgres is not None
        assert running.kafka_server is not None
        for pid in (running.postgres.pid, running.kafka_server.pid, running._reaper.pid):
            assert os.getsid(pid) == pid

    def test_passwords_and_data_are_for_the_owner_only(self, running: Stack) -> None:
        assert stat.S_IMODE((running.folder / "passwords.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((running.folder / "postgres").stat().st_mode) == 0o700

    async def test_killed_postgres_comes_back_on_the_same_port_with_what_was_committed(
        self, running: Stack
    ) -> None:
        url = running.database_url("membership")
        await fetch(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        busy = asyncio.create_task(fetch(url, "SELECT count(*) FROM generate_series(1, 10000000000)"))
        running_already = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%10000000000)'"
        async with asyncio.timeout(30):
            while not await fetch(running.admin_url, running_already):
                pass
        assert running.postgres is not None
        before = running.postgres.pid
        backends = psutil.Process(before).children()
        running.postgres.kill()
        assert [one for one in backends if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await busy
        await asyncio.to_thread(running.postgres.start)
        assert running.postgres.pid != before
        assert await fetch(url, "SELECT count(*) FROM kept") == 1000

    def test_a_pid_file_that_names_a_stranger_is_coped_with(self, running: Stack) -> None:
        url = running.database_url("membership")
        assert running.postgres is not None
        running.postgres.kill()
        file = running.folder / "postgres" / "postmaster.pid"
        lines = file.read_text().splitlines()
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as stranger:
            file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            running.postgres.start()
            assert stranger.poll() is None
        assert asyncio.run(fetch(url, "SELECT 1")) == 1

    async def test_killed_kafka_comes_back_with_its_topics_and_a_lost_one_without(
        self, running: Stack
    ) -> None:
        assert running.kafka_server is not None
        await produce(running.kafka, "survivor", 10)
        running.kafka_server.kill()
        await asyncio.to_thread(running.kafka_server.start)
        assert await consume(running.kafka, "survivor", 10) == set(range(10))
        running.kafka_server.lose_data()
        await asyncio.to_thread(running.kafka_server.start)
        assert "survivor" not in await topics(running.kafka)
        await produce(running.kafka, "survivor", 5)
        assert await consume(running.kafka, "survivor", 5) == set(range(5))


class TestServices:
    HTTP = """
import http.server, json, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
    def log_message(self, *_): pass
names = ["CHIBO_DATABASE_URL", "CHIBO_KAFKA", "CHIBO_HOST", "EXTRA"]
print(json.dumps([sys.argv[1:], [os.environ.get(name) for name in names]]), flush=True)
http.server.HTTPServer((os.environ["CHIBO_HOST"], int(os.environ["CHIBO_PORT"])), Handler).serve_forever()
"""

    def test_a_service_gets_its_surroundings_and_lives_through_kill_and_restart(
        self, running: Stack, services: Callable[[str, str], None]
    ) -> None:
        services("membership", self.HTTP)
        process = running.run_service("membership", "api", env={"EXTRA": "more"})
        process.wait_ready(30)
        arguments, environment = json.loads(process.log.read_text().splitlines()[0])
        assert arguments == ["api"]
        assert environment == [running.database_url("membership"), running.kafka, "127.0.0.1", "more"]
        before, url = process.pid, process.url
        process.kill()
        assert process.returncode == -signal.SIGKILL
        process.restart()
        process.wait_ready(30)
        assert (process.url, process.pid != before) == (url, True)
        process.stop()
        assert process.returncode == -signal.SIGTERM

    def test_a_service_that_dies_is_reported_at_once_with_its_last_words(
        self, running: Stack, services: Callable[[str, str], None]
    ) -> None:
        services("membership", "raise SystemExit('these are my last words')")
        with pytest.raises(StackError, match="these are my last words"):
            running.run_service("membership").wait_ready(600)

    def test_a_port_that_was_asked_for_and_is_taken_is_named(self, running: Stack) -> None:
        taken = int(running.kafka.split(":")[1])
        with pytest.raises(StackError, match=f"Cổng {taken} đang được chương trình khác sử dụng"):
            running.run_service("membership", port=taken)


class TestKeptData:
    async def test_a_second_start_finds_everything_again_and_a_third_at_the_same_time_is_refused(
        self, tmp_path: Path
    ) -> None:
        def meta() -> str:
            return (
                (tmp_path / "kafka" / "meta.properties").read_text().split("cluster.id=")[1].splitlines()[0]
            )

        with await asyncio.to_thread(Stack.start, tmp_path) as stack:
            url, bootstrap, cluster = stack.database_url("membership"), stack.kafka, meta()
            await fetch(url, "CREATE TABLE kept AS SELECT 42 AS answer")
            await produce(bootstrap, "kept", 4)
            with pytest.raises(StackError, match="data folder in use"):
                Stack.start(tmp_path)
            assert await fetch(url, "SELECT answer FROM kept") == 42
        with await asyncio.to_thread(Stack.start, tmp_path) as stack:
            assert (stack.database_url("membership"), stack.kafka, meta()) == (url, bootstrap, cluster)
            assert await fetch(url, "SELECT answer FROM kept") == 42
            assert await consume(bootstrap, "kept", 4) == set(range(4))

    async def test_kafka_finds_its_data_again_though_its_ports_had_to_change(self, tmp_path: Path) -> None:
        with await asyncio.to_thread(Stack.start, tmp_path) as stack:
            before = stack.kafka
            await produce(before, "moved", 4)
        (tmp_path / "ports.json").unlink()
        with await asyncio.to_thread(Stack.start, tmp_path) as stack:
            assert stack.kafka != before
            assert await consume(stack.kafka, "moved", 4) == set(range(4))
            await produce(stack.kafka, "moved-again", 1)

    def test_data_of_another_postgres_is_not_touched(self, tmp_path: Path) -> None:
        (tmp_path / "postgres").mkdir()
        (tmp_path / "postgres" / "PG_VERSION").write_text("12\n")
        with pytest.raises(StackError, match="data of PostgreSQL 12, binaries of 18"):
            Stack.start(tmp_path)
        assert [file.name for file in (tmp_path / "postgres").iterdir()] == ["PG_VERSION"]

    def test_an_interrupted_initialisation_leaves_nothing_that_looks_like_data(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wait = Supervisor.wait

        def interrupted(
            self: Supervisor, child: Child, name: str, ready: Callable[[], bool], seconds: float
        ) -> None:
            if name != "initdb":
                return wait(self, child, name, ready, seconds)
            wait(self, child, name, lambda: any(tmp_path.glob("postgres*/PG_VERSION")), seconds)
            child.kill()  # an interrupt alone would let initdb clean up after itself
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Supervisor, "wait", interrupted)
            patch.setattr(kafka.KafkaServer, "start", lambda _: None)
            with pytest.raises(KeyboardInterrupt):
                Stack.start(tmp_path)
        with Stack.start(tmp_path) as stack:
            assert stack.database_url("membership")


class TestNothingIsLeftBehind:
    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def report(self, child: subprocess.Popen[str]) -> tuple[Path, list[psutil.Process]]:
        assert child.stdout is not None
        told = json.loads(next(line for line in child.stdout if line.startswith("{")))
        pids = [*told["pids"], told["reaper"]]
        return Path(told["folder"]), [psutil.Process(pid) for pid in pids]

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
    def test_a_killed_program_leaves_no_process_and_no_folder(self, number: signal.Signals) -> None:
        child = self.begin()
        folder, processes = self.report(child)
        token = processes[0].environ()[TOKEN_VARIABLE]
        assert {process.pid for process in carriers(token)} >= {process.pid for process in processes[:2]}
        child.send_signal(number)
        child.communicate()
        _, alive = psutil.wait_procs(processes, STOP_SECONDS)
        assert alive == []
        assert carriers(token) == []
        assert not folder.exists()

    def test_a_killed_program_leaves_kept_data_whole_and_unlocked(self, tmp_path: Path) -> None:
        child = self.begin(str(tmp_path))
        _, [*_, reaper] = self.report(child)
        reaper.suspend()
        child.kill()
        child.communicate()
        free = FolderLock.is_free(tmp_path)
        reaper.resume()
        assert not free, "the servers still run"
        # Begun while the reaper still stops the servers, it waits for that.
        with Stack.start(tmp_path) as stack:
            assert stack.database_url("membership")
        log = (tmp_path / "logs" / "postgres.log").read_text()
        assert "database system is shut down" in log
        assert "not properly shut down" not in log

    def test_the_end_of_the_program_that_never_called_stop_is_an_end_too(self) -> None:
        child = self.begin()
        folder, processes = self.report(child)
        child.communicate()  # its input ends, and so does it
        _, alive = psutil.wait_procs(processes, STOP_SECONDS)
        assert alive == []
        assert not folder.exists()

    def test_ctrl_c_in_the_middle_of_the_start_cleans_up(self) -> None:
        child = self.begin()
        assert child.stdout is not None
        child.stdout.readline()  # told that the servers are being started
        [folder] = (Path(__file__).parents[2] / ".chibo").glob(f"run-{child.pid}-*")
        process = psutil.Process(child.pid)
        while len(started := process.children(recursive=True)) < 2:
            assert child.poll() is None
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=STOP_SECONDS)
        assert "{" not in out, "it had already started"
        assert child.returncode in (-signal.SIGINT, 1, 130)
        assert psutil.wait_procs(started, STOP_SECONDS)[1] == []
        assert not folder.exists()

    def test_a_server_that_fails_takes_the_other_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        folders: list[Path] = []
        original = kafka.KafkaServer.__init__

        def broken(self: kafka.KafkaServer, folder: Path, **rest: object) -> None:
            folders.append(folder)
            original(self, folder, **rest)  # type: ignore[arg-type]

        monkeypatch.setattr(kafka.KafkaServer, "__init__", broken)
        monkeypatch.setattr(kafka, "properties", lambda *_: {"process.roles": "nonsense"})
        children = psutil.Process().children(recursive=True)
        with pytest.raises(StackError, match="StorageTool exited with code"):
            Stack.start()
        assert {one for one in psutil.Process().children(recursive=True) if one not in children} == set()
        assert [folder.exists() for folder in folders] == [False]

    def test_without_the_reaper_stop_still_stops(self) -> None:
        stack = Stack.start()
        assert stack.postgres is not None
        assert stack.kafka_server is not None
        servers = [psutil.Process(pid) for pid in (stack.postgres.pid, stack.kafka_server.pid)]
        os.kill(stack._reaper.pid, signal.SIGKILL)
        stack.stop()
        assert psutil.wait_procs(servers, STOP_SECONDS)[1] == []
        assert not stack.folder.exists()


class TestExternalServers:
    async def test_servers_that_are_set_are_used_and_left_running(
        self, running: Stack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CHIBO_DATABASE_URL", running.admin_url)
        monkeypatch.setenv("CHIBO_KAFKA", running.kafka)
        with await asyncio.to_thread(Stack.start) as second:
            assert second.postgres is None
            assert second.kafka_server is None
            assert second.kafka == running.kafka
            url = second.database_url("elsewhere")
            assert await fetch(url, "SELECT current_database()") == "chibo_elsewhere"
        assert await fetch(url, "SELECT 1") == 1

    async def test_an_administrator_who_is_no_superuser_suffices(
        self, running: Stack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await fetch(running.admin_url, "CREATE ROLE creator LOGIN CREATEDB CREATEROLE PASSWORD 'creator'")
        await fetch(running.admin_url, "GRANT CONNECT ON DATABASE postgres TO creator")
        host = running.admin_url.split("@")[1]
        monkeypatch.setenv("CHIBO_DATABASE_URL", f"postgresql://creator:creator@{host}")
        monkeypatch.setenv("CHIBO_KAFKA", running.kafka)
        with await asyncio.to_thread(Stack.start) as second:
            url = second.database_url("third")
            assert second.database_url("third") == url
            assert await fetch(url, "SELECT current_user") == "chibo_third"

    def test_a_server_that_is_not_there_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CHIBO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/postgres")
        monkeypatch.setenv("CHIBO_KAFKA", "127.0.0.1:1")
        with Stack.start() as stack, pytest.raises(StackError, match="CHIBO_DATABASE_URL"):
            stack.database_url("membership")


def test_parallel_callers_make_one_database(running: Stack) -> None:
    urls: list[str] = []
    callers = [threading.Thread(target=lambda: urls.append(running.database_url("shared"))) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(urls) == 4
    assert len(set(urls)) == 1
