"""Arguments and options that several commands have, with the same words in each."""

from __future__ import annotations

from pathlib import Path

import click

MODELS = click.argument("models", metavar="[MODEL]...", nargs=-1)
SOURCES = click.option(
    "--source", "sources", multiple=True, metavar="FIELD=VALUE", help="Source of a scalar field; 0 if not said."
)
RELATIONS = click.option(
    "--relation", "relations", multiple=True, metavar="NAME=FORMULA", help="phi.response=0.5*phi.source."
)
UNITS = click.option(
    "--units", default="", metavar="NAME=1", help="mu=1, T=1 or z_h=1; by default those of the settings."
)
BRANCH = click.option("--branch", type=click.Choice(["all", "normal", "condensed"]), default="all", show_default=True)
THEORY = click.option("--theory", help="Which one, where a model file has several.")
PLOT = click.option("--plot", type=click.Path(path_type=Path), help="Draw a .png, .pdf or .svg.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
THREADS = click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
