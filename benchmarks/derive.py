"""holosym beside its peers, in one run, and holosym's own stages: `make bench`, or `python benchmarks/derive.py`.

Figures of one run on one machine can be compared with each other; those of different machines cannot. What is
counted, and how, is in README.md beside this file.
"""

import sys

import click
import einstein
import stages
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@click.command()
@click.option("--timeout", default=120.0, show_default=True, help="Seconds on the clock for one peer on one metric.")
@click.option("--case", "cases", multiple=True, type=click.Choice(list(einstein.CASES)), help="Only this metric.")
@click.option("--python", "pythons", multiple=True, help="A Python for peers that need a newer one than holosym's.")
@click.option("--peers/--no-peers", default=True, help="Time the peers, or holosym alone.")
def main(timeout: float, cases: tuple[str, ...], pythons: tuple[str, ...], peers: bool) -> None:
    """Time holosym and its peers; exit 1 where a peer's Einstein tensor is not holosym's."""
    chosen = cases or tuple(einstein.CASES)
    console = Console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    wrong: list[str] = []
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        if peers:
            results = einstein.measure(chosen, timeout, pythons, progress)
            console.print(einstein.table(results, chosen))
            wrong = einstein.disagreements(results)
        console.print(stages.table(progress))
    if wrong:
        console.print(f"not the same tensor: {', '.join(wrong)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
