"""Ctrl-C while the command is still being loaded."""

import subprocess
import sys

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
