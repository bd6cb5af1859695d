"""The commands, one a file. Arguments go to `holosym.pipeline` and its like, results to `holosym.report`, errors to
stderr; no logic lives here.

Exit codes: 0 for success, 1 where a check fails or generated code has drifted, 2 for a model or a folder that cannot
be used, 3 for a bug of holosym, 130 after Ctrl-C.
"""

from __future__ import annotations

import click

from holosym import __version__
from holosym.cli.check import check_
from holosym.cli.compile import compile_
from holosym.cli.demo import demo_
from holosym.cli.ending import Commands
from holosym.cli.entropy import entropy_
from holosym.cli.fit import fit_
from holosym.cli.list import list_
from holosym.cli.new import new_
from holosym.cli.reconstruct import reconstruct_
from holosym.cli.show import show_
from holosym.cli.solve import solve_


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="holosym")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug of holosym.")
def main(debug: bool) -> None:
    """From the action of a holographic model to checked equations and a generated torch package.

    MODEL is the path of a model file, or a name of the gallery (see `holosym list`).
    """


for command in (check_, compile_, demo_, entropy_, fit_, list_, new_, reconstruct_, show_, solve_):
    main.add_command(command)
