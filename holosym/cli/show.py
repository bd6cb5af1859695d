"""`holosym show`: the equations of a model, to be read."""

from __future__ import annotations

import click


@click.command(name="show")
@click.argument("model")
@click.option("--pretty", "notation", flag_value="pretty", default=True, help="For a terminal (the default).")
@click.option("--latex", "notation", flag_value="latex", help="LaTeX, for a paper.")
@click.option("--markdown", "notation", flag_value="markdown", help="The EQUATIONS.md of the package.")
@click.option("--mathematica", "notation", flag_value="mathematica", help="Input for Mathematica.")
def show_(model: str, notation: str) -> None:
    """Show the ansatz, the equations, the constraints of MODEL, and what was proved of them."""
    from holosym import pipeline
    from holosym.report import show
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        systems = [pipeline.derive(one, progress) for one in pipeline.load(model, progress)]
        sheets = [show.write(system, notation) for system in systems]
    click.echo("\n".join(sheets), nl=False)
