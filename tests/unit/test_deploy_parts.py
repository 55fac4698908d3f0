"""The parts of the embedded stack by themselves: what needs no PostgreSQL and no Kafka."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psutil
import pytest

from deploy.local import databases, identity, kafka, ports, reaper, stack
from deploy.local.errors import StackError, process_died, tail
from deploy.local.lock import FolderLock
from deploy.local.passwords import Passwords
from deploy.local.postgres import major_of
from deploy.local.remembered import RememberedPorts


@pytest.fixture
def listening() -> Iterable[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class TestPorts:
    def test_a_port_somebody_listens_on_is_refused_by_number(self, listening: int) -> None:
        with pytest.raises(StackError, match=f"port {listening} is taken") as error:
            ports.require_free(listening)
        assert f"Cổng {listening}" in error.value.message

    def test_the_preferred_port_is_taken_if_free(self, listening: int) -> None:
        free = ports.pick()
        assert ports.pick(free) == free
        assert ports.pick(listening) != listening
        assert ports.pick(free, taken=[free]) != free
        asked = "import sys; from deploy.local import ports; print(ports.pick(int(sys.argv[1])))"
        other = subprocess.run(
            [sys.executable, "-c", asked, str(free)], capture_output=True, text=True, check=True
        )
        assert int(other.stdout) != free, "another program has picked it too, and nobody listens there yet"

    def test_no_port_is_one_that_clients_are_given(self) -> None:
        system = Path("/proc/sys/net/ipv4/ip_local_port_range")
        first = int(system.read_text().split()[0]) if system.exists() else 49152
        assert ports.pick() < first

    def test_ports_are_remembered(self, tmp_path: Path) -> None:
        before = RememberedPorts(tmp_path / "ports")
        chosen = [before.pick("a"), before.pick("b")]
        after = RememberedPorts(tmp_path / "ports")
        assert [after.pick("a"), after.pick("b")] == chosen


class TestLock:
    def test_a_folder_in_use_is_refused_at_once_and_free_afterwards(self, tmp_path: Path) -> None:
        held = FolderLock.acquire(tmp_path)
        with pytest.raises(StackError, match=f"in use by process {os.getpid()}"):
            FolderLock.acquire(tmp_path)
        assert not FolderLock.is_free(tmp_path)
        held.release()
        assert FolderLock.is_free(tmp_path)
        FolderLock.acquire(tmp_path).release()

    def test_the_clean_up_of_a_dead_program_is_waited_for(self, tmp_path: Path) -> None:
        # The child plays the reaper: it holds the lock on behalf of a program that is gone, until told to
        # end.
        held = FolderLock.acquire(tmp_path)
        gone = subprocess.Popen(["true"])
        gone.wait()
        (tmp_path / "lock").write_text(str(gone.pid))
        keeper = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[held.descriptor])
        held.release()
        with pytest.raises(StackError, match="in use"):
            FolderLock.acquire(tmp_path, patience=0.1)
        keeper.communicate()
        FolderLock.acquire(tmp_path).release()

    def test_throw_away_folders_nobody_holds_are_swept_and_others_stay(self, tmp_path: Path) -> None:
        for name in ("run-held", "run-left", "kept"):
            (tmp_path / name).mkdir()
            FolderLock.acquire(tmp_path / name).release()
        held = FolderLock.acquire(tmp_path / "run-held")
        stack._sweep(tmp_path)
        held.release()
        assert {folder.name for folder in tmp_path.iterdir()} == {"run-held", "kept"}


class TestPasswords:
    def test_they_are_kept_and_only_the_owner_may_read_them(self, tmp_path: Path) -> None:
        file = tmp_path / "passwords.json"
        kept = Passwords(file)
        assert kept.get("a") != kept.get("b")
        assert Passwords(file).get("a") == kept.get("a")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


class TestErrors:
    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ("FATAL: could not write: No space left on device", "dung lượng đĩa"),
            ("java.net.BindException: Address already in use", "không mở được cổng"),
            ("something else went wrong", "something else went wrong"),
        ],
    )
    def test_the_log_of_a_dead_process_is_understood(self, line: str, says: str, tmp_path: Path) -> None:
        log = tmp_path / "log"
        log.write_text(f"first\n{line}\n")
        assert says in str(process_died("PostgreSQL", log, 1))

    def test_the_tail_of_no_log_is_a_note(self, tmp_path: Path) -> None:
        assert "no log" in tail(tmp_path / "log")


class TestIdentity:
    PROGRAM = Path("/bin/true")

    def test_an_ordinary_user_runs_it_as_themselves(self, tmp_path: Path) -> None:
        assert identity.candidates(tmp_path / "data", effective_user=1000) == [identity.MYSELF]

    def test_root_tries_a_namespace_first_then_nobody(self, tmp_path: Path) -> None:
        tried: list[identity.Identity] = []

        def usable(candidate: identity.Identity, program: Path, folder: Path) -> bool:
            tried.append(candidate)
            return candidate.user is not None

        chosen = identity.choose(tmp_path / "data", self.PROGRAM, usable=usable, effective_user=0)
        assert tried == [identity.NAMESPACE, chosen]
        assert chosen.user not in (None, 0)
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o711

    def test_without_a_way_the_error_names_the_way_out(self, tmp_path: Path) -> None:
        with pytest.raises(StackError, match="CHIBO_DATABASE_URL"):
            identity.choose(tmp_path / "data", self.PROGRAM, usable=lambda *_: False, effective_user=0)

    def test_what_does_not_run_is_not_usable(self, tmp_path: Path) -> None:
        assert identity.runs(identity.MYSELF, self.PROGRAM, tmp_path)
        assert not identity.runs(identity.MYSELF, Path("/bin/false"), tmp_path)
        assert not identity.runs(identity.MYSELF, self.PROGRAM, tmp_path / "absent")
        assert not identity.runs(identity.Identity("x", prefix=("no-such-program",)), self.PROGRAM, tmp_path)


class TestReaper:
    @staticmethod
    def lines(*told: dict[str, object]) -> list[str]:
        return [json.dumps(one) for one in told]

    def test_what_was_added_and_not_removed_is_stopped_and_the_folder_deleted(self, tmp_path: Path) -> None:
        folder = tmp_path / "run"
        (folder / "deep").mkdir(parents=True)
        entries = [{"pid": pid, "started": 1.0, "signal": 15, "stage": 1, "grace": 1.0} for pid in (10, 11)]
        stopped: list[tuple[list[int], str]] = []
        told = self.lines(
            {"what": "begin", "token": "t", "folder": str(folder)},
            {"what": "add", "entry": entries[0]},
            {"what": "add", "entry": entries[1]},
            {"what": "remove", "pid": 10},
        )
        reaper.watch(
            [*told, '{"what": "ad'], lambda left, token: stopped.append(([e.pid for e in left], token))
        )
        assert stopped == [([11], "t")]
        assert not folder.exists()

    def test_a_kept_folder_stays(self, tmp_path: Path) -> None:
        reaper.watch(self.lines({"what": "begin", "token": "t", "folder": None}), lambda *_: None)
        assert tmp_path.exists()

    def test_another_process_with_the_same_pid_is_left_alone(self) -> None:
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as bystander:
            started = psutil.Process(bystander.pid).create_time()
            reaper.stop_all(
                [reaper.Entry(bystander.pid, started - 60, signal.SIGTERM, 1, 1.0)], "no such token"
            )
            assert bystander.poll() is None
            reaper.stop_all([reaper.Entry(bystander.pid, started, signal.SIGTERM, 1, 1.0)], "no such token")
            assert bystander.wait() == -signal.SIGTERM

    def test_one_that_ignores_the_signal_is_killed_after_its_grace(self) -> None:
        stubborn = (
            "import signal, sys\n"
            "signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); sys.stdin.read()\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", stubborn], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            started = psutil.Process(child.pid).create_time()
            reaper.stop_all([reaper.Entry(child.pid, started, signal.SIGTERM, 1, 0.1)], "no such token")
            assert child.wait() == -signal.SIGKILL

    def test_a_higher_stage_has_ended_before_the_next_is_asked(self, tmp_path: Path) -> None:
        script = (
            "import signal, sys, time\n"
            "def end(*_):\n"
            "    with open(sys.argv[1], 'a') as out: out.write(sys.argv[2])\n"
            "    sys.exit()\n"
            "signal.signal(15, end); print('ready', flush=True); sys.stdin.read()\n"
        )
        order = tmp_path / "order"
        children, entries = [], []
        for name, stage in (("a", 1), ("b", 2), ("c", 3)):
            child = subprocess.Popen(
                [sys.executable, "-c", script, str(order), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            assert child.stdout is not None
            child.stdout.readline()
            children.append(child)
            entries.append(reaper.Entry(child.pid, psutil.Process(child.pid).create_time(), 15, stage, 10.0))
        reaper.stop_all(entries, "no such token")
        for child in children:
            child.communicate()
        assert order.read_text() == "cba"

    def test_one_never_told_of_is_found_by_its_token(self) -> None:
        environment = {**os.environ, reaper.TOKEN_VARIABLE: "a token of this test"}
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env=environment) as forgotten:
            reaper.stop_all([], "a token of this test")
            assert forgotten.wait() == -signal.SIGKILL


class TestNames:
    def test_a_service_url_keeps_host_and_options_of_the_admin(self) -> None:
        url = databases.service_url(
            "postgresql://root:a%40b@db:5433/postgres?sslmode=require", "chibo_x", "p/w"
        )
        assert url == "postgresql://chibo_x:p%2Fw@db:5433/chibo_x?sslmode=require"

    @pytest.mark.parametrize("name", ["", "Membership", "a-b", "a;b", 'a"b', "1a"])
    def test_a_name_that_would_need_quoting_is_refused(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="not a service name"):
            databases.Databases("postgresql://nowhere", Passwords(tmp_path / "p"), ours=True).url(name)

    def test_the_major_version_is_read_from_what_the_server_says(self) -> None:
        assert major_of("postgres (PostgreSQL) 18.6") == "18"
        assert major_of("postgres (PostgreSQL) 19beta1\n") == "19beta1"

    def test_cluster_ids_are_uuids_that_no_option_parser_mistakes(self) -> None:
        ids = {kafka.new_cluster_id() for _ in range(200)}
        assert len(ids) == 200
        assert all(len(one) == 22 and one[0] != "-" for one in ids)

    def test_a_port_without_a_broker_does_not_answer(
        self, listening: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(kafka, "_PROBE_SECONDS", 0.05)
        assert not kafka.answers(listening)
        assert not kafka.answers(ports.pick())
