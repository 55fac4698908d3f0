"""The example bloc, the figures stated for it, and the command as a person has it."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "bloc-2020"
_FACTS = json.loads((EXAMPLE / "facts.json").read_text(encoding="utf-8"))
FIGURES = {name: value for name, value in _FACTS.items() if name != "source"}
CHIBO = [sys.executable, "-m", "chibo"]
