"""`holosym new`: a starter model."""

from __future__ import annotations

import click


@click.command(name="new")
@click.argument("name")
def new_(name: str) -> None:
    """Write a commented starter model NAME.py that compiles and checks."""
    from holosym.report.starter import write_starter

    path = write_starter(name)
    click.echo(f"{path}\nnext: holosym check {path}")
