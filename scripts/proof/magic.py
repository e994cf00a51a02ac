"""The magic in a shell of IPython: a cell's profile is shown below it."""

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

CELL = """
from busy import be_busy
def in_a_cell():
    be_busy()
in_a_cell()
"""

shell = InteractiveShell.instance()
with capture_output() as shown:
    shell.run_line_magic("load_ext", "pyinstrument")
    shell.run_cell_magic("pyinstrument", "", CELL)
text = shown.stdout + "".join(
    str(part) for output in shown.outputs for part in (output.data or {}).values()
)
assert "in_a_cell" in text, text[:2000]
print(f"magic: {len(shown.outputs)} outputs, {len(text)} characters")
