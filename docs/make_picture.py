"""Draw docs/demo.svg, the picture in the README, from a real run of the demo: `python docs/make_picture.py`."""

from pathlib import Path

from rich.console import Console

from chibo import demo
from chibo.reporting import statistics

_FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
<rect x="1" y="1" width="{width}" height="{height}" rx="8" fill="#292929"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix" xml:space="preserve">{matrix}</g></g></svg>
"""


def main() -> None:
    """Run the demo and save what it prints; without the web fonts that rich would have the reader fetch."""
    outcome = demo.run(
        demo.EXAMPLE_ORGANISATIONS, demo.EXAMPLE_MEMBERS, demo.EXAMPLE_DAY, by="standing,gender"
    )
    statistics.OUT = Console(record=True, width=60, highlight=False)
    statistics.show(outcome.statistics)
    file = Path(__file__).with_name("demo.svg")
    statistics.OUT.save_svg(str(file), code_format=_FRAME, title="")


if __name__ == "__main__":
    main()
