"""Ctrl-C wherever it falls: while the command is still being loaded, and inside a finaliser."""

import subprocess
import sys

import pytest

_INTERRUPTED = """
import sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == "chibo.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupts())
from chibo.__main__ import main
main()
"""


def test_ctrl_c_while_the_command_is_loaded_is_a_word_and_no_traceback():
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "Đã dừng theo yêu cầu.\n"


def test_the_installed_command_and_the_module_come_in_the_same_way():
    done = subprocess.run(
        [sys.executable, "-m", "chibo", "--help"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "import" in done.stdout


_DROPPED = """
import os, signal, sys
from chibo import interruption
from chibo.console import refusals_shown, step

class Finalised:
    def __del__(self):
        os.kill(os.getpid(), signal.{signal})

interruption.listen()
with refusals_shown(), step("việc đang làm"):
    Finalised()
    print("dropped")
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_that_falls_into_a_finaliser_ends_the_command_after_the_step(name):
    done = subprocess.run(
        [sys.executable, "-c", _DROPPED.format(signal=name)],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == "dropped\n"  # the interpreter did go on
    assert "Đã dừng theo yêu cầu." in done.stderr
    assert "✓" not in done.stderr
    assert done.returncode != 0
