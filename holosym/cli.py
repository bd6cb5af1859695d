"""The commands. No logic lives here: arguments go to `holosym.pipeline`, results to `holosym.report`, errors to stderr.

Exit codes: 0 for success, 1 where a check fails or generated code has drifted, 2 for a model or a folder that cannot
be used, 3 for a bug of holosym, 130 after Ctrl-C.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from holosym import __version__
from holosym.errors import HolosymError

BUG = 3
PIPED_WIDTH = 160
# As shells have it: 128 and the number of the signal.
INTERRUPTED, BROKEN_PIPE, TERMINATED = 130, 141, 143


class Terminated(KeyboardInterrupt):
    """`kill` was sent: the same as Ctrl-C, with an exit code of its own."""


class Commands(click.Group):
    """The group of all commands: what is raised in one becomes a message and an exit code here."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        from holosym.report import messages

        debug = bool(ctx.params["debug"])
        try:
            with _ended_in_order():
                result = super().invoke(ctx)
                sys.stdout.flush()
                return result
        except HolosymError as error:
            messages.show_error(error, debug)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt as interruption:
            messages.show_interruption()
            ctx.exit(TERMINATED if isinstance(interruption, Terminated) else INTERRUPTED)
        except BrokenPipeError:
            # Who reads has gone. Python would complain once more when it flushes at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(BROKEN_PIPE)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            messages.show_bug(error, debug)
            ctx.exit(BUG)


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """`kill` ends a command as Ctrl-C does, with temporary files taken away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(*_: object) -> None:
    raise Terminated


MODELS = click.argument("models", metavar="[MODEL]...", nargs=-1)
OUT = click.option("--out", type=click.Path(path_type=Path), default=Path("generated"), show_default=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="holosym")
@click.option("--debug", is_flag=True, help="Show the traceback of a bug of holosym.")
def main(debug: bool) -> None:
    """From the action of a holographic model to checked equations and a generated torch package.

    MODEL is the path of a model file, or a name of the gallery (see `holosym list`).
    """


@main.command()
@MODELS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a theory, a list for several.")
@click.pass_context
def check(ctx: click.Context, models: tuple[str, ...], as_json: bool) -> None:
    """Check known solutions and published equations of MODELs (by default of the whole gallery)."""
    from holosym import pipeline
    from holosym.report import checks, messages
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        checked, errors = pipeline.check_models(models, progress)
    if as_json and checked:
        click.echo(checks.as_json(checked))
    elif not as_json:
        for one in checked:
            _print(checks.as_table(one))
    for error in errors:
        messages.show_error(error, ctx.find_root().params["debug"])
    ctx.exit(max([0 if one.passed else 1 for one in checked] + [error.exit_code for error in errors]))


@main.command(name="compile")
@MODELS
@OUT
@click.option("--check", "only_check", is_flag=True, help="Write nothing; show what has drifted, and exit with 1.")
@click.pass_context
def compile_(ctx: click.Context, models: tuple[str, ...], out: Path, only_check: bool) -> None:
    """Compile MODELs (by default the whole gallery) into torch packages in the folder --out."""
    from holosym import pipeline
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        if only_check:
            difference = pipeline.drift(models, out, progress)
        else:
            compiled = pipeline.compile_models(models, out, progress)
    if only_check:
        click.echo(difference, nl=False)
        ctx.exit(1 if difference else 0)
    for folder in compiled.folders:
        click.echo(f"{folder}{'' if folder.name in compiled.changed else ' (unchanged)'}")
    for failure in compiled.failed:
        click.echo(f"{failure}; `holosym check` says more", err=True)
    ctx.exit(1 if compiled.failed else 0)


@main.command(name="show")
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


@main.command(name="solve")
@click.argument("model")
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="T=0.1, mu=1, T/mu=0.2, beta=0.5, s=12, q=3."
)
@click.option(
    "--source", "sources", multiple=True, metavar="FIELD=VALUE", help="Source of a scalar field; 0 if not said."
)
@click.option("--relation", "relations", multiple=True, metavar="NAME=FORMULA", help="phi.response=0.5*phi.source.")
@click.option("--sweep", metavar="NAME=START:STOP:COUNT[:log]", help="T/mu=0.05:2:40:log.")
@click.option("--units", default="", metavar="NAME=1", help="mu=1, T=1 or z_h=1; by default those of the settings.")
@click.option("--branch", type=click.Choice(["all", "normal", "condensed"]), default="all", show_default=True)
@click.option("--nodes", type=click.IntRange(4, 400), default=None, help="Chebyshev nodes of a panel.")
@click.option("--tolerance", type=click.FloatRange(0, 1, min_open=True), default=None, help="Relative, of every row.")
@click.option("--theory", help="Which one, where a model file has several.")
@click.option("--out", type=click.Path(path_type=Path), help="Write NetCDF: all quantities and fields, with units.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw a .png, .pdf or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
@click.pass_context
def solve_(ctx: click.Context, /, **given: Any) -> None:
    """Solve for black branes of MODEL (a model or a generated package) at given temperature, charge and sources.

    Physical names: T, s, mu, rho, epsilon, p, omega, sigma, parameters, FIELD.source, FIELD.response, and products such
    as T/mu. What does not converge is said, with all points found before it, and the exit code is 1.
    """
    from holosym import solving
    from holosym.report import messages, solutions
    from holosym.report.progress import StageReporter
    from holosym.report.requests import read_request
    from holosym.solve import results

    solving.use_threads(given["threads"])
    request = read_request(given)
    with StageReporter() as progress:
        family = solving.solve_model(given["model"], request, progress, given["theory"])
    if given["out"] is not None:
        results.write(results.to_dataset(family), given["out"])
    if given["plot"] is not None:
        solutions.plot(family, given["plot"])
    if given["as_json"]:
        click.echo(results.as_json(family))
    elif any(branch.points for branch in family.branches):
        _print(solutions.as_table(family))
        for sentence in solutions.sentences(family):
            click.echo(sentence)
    if family.failure is not None:
        messages.show_error(family.failure, ctx.find_root().params["debug"])
        ctx.exit(INTERRUPTED if family.interrupted else family.failure.exit_code)


@main.command(name="entropy")
@click.argument("model")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="T=0.1, mu=1; parameters of a --solution.")
@click.option(
    "--source", "sources", multiple=True, metavar="FIELD=VALUE", help="Source of a scalar field; 0 if not said."
)
@click.option("--relation", "relations", multiple=True, metavar="NAME=FORMULA", help="phi.response=0.5*phi.source.")
@click.option("--solution", metavar="NAME", help="A known solution of the model in closed form, by a part of its name.")
@click.option("--shape", type=click.Choice(["strip", "disk", "interval", "loop"]), default="strip", show_default=True)
@click.option(
    "--along", "direction", default="", metavar="COORDINATE", help="Where a strip has its width, charges are apart."
)
@click.option("--l", "lengths", required=True, metavar="START:STOP:COUNT[:log]", help="Widths or radii: 0.05:5:60:log.")
@click.option(
    "--cutoff", type=click.Choice(["own", "fg"]), default="own", show_default=True, help="z, or Fefferman-Graham."
)
@click.option("--units", default="", metavar="NAME=1", help="mu=1, T=1 or z_h=1; by default those of the settings.")
@click.option("--branch", type=click.Choice(["all", "normal", "condensed"]), default="all", show_default=True)
@click.option("--nodes", type=click.IntRange(4, 400), default=None, help="Chebyshev nodes of a panel of the state.")
@click.option("--tolerance", type=click.FloatRange(0, 1, min_open=True), default=None, help="Relative, of the state.")
@click.option("--theory", help="Which one, where a model file has several.")
@click.option("--out", type=click.Path(path_type=Path), help="Write .nc, NetCDF with all of it, or .csv.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw a .png, .pdf or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
def entropy_(**given: Any) -> None:
    """Entanglement entropy of strips and disks (or the energy of a Wilson loop) in a background of MODEL.

    The background is the state with the given settings; or a known solution; or a bare metric, which has no action.
    Where several surfaces have one length all are given, and the one of least area is named.
    """
    from holosym import entropy, solving
    from holosym.fit.writing import write_text
    from holosym.report import entropies
    from holosym.report.progress import StageReporter
    from holosym.report.requests import read_lengths, read_request, require_ending
    from holosym.solve.results import write
    from holosym.surfaces import results
    from holosym.surfaces.answer import Wanted

    solving.use_threads(given["threads"])
    require_ending(given["out"], (".nc", ".csv"))
    if given["shape"] == "disk" and given["direction"]:
        raise click.UsageError("a disk has no direction: leave --along out")
    lengths = read_lengths(given["lengths"])
    wanted = Wanted(given["shape"], lengths, given["direction"], given["cutoff"])
    request = read_request({**given, "sweep": None})
    with StageReporter() as progress:
        found = entropy.entropy(given["model"], request, wanted, given["solution"], given["theory"], progress)
    if given["out"] is not None:
        if given["out"].suffix.lower() == ".csv":
            write_text(given["out"], entropies.as_csv(found))
        else:
            write(results.to_dataset(found), given["out"])
    if given["plot"] is not None:
        entropies.plot(found, given["plot"])
    if given["as_json"]:
        click.echo(results.as_json(found))
        return
    _print(entropies.as_table(found))
    for sentence in entropies.sentences(found):
        click.echo(sentence)


@main.command(name="reconstruct")
@click.argument("data", type=click.Path(path_type=Path))
@click.option("--shape", type=click.Choice(["strip", "loop"]), default="strip", show_default=True)
@click.option(
    "--dimension", type=click.IntRange(2, 4), default=3, show_default=True, help="Of the boundary, time included."
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of the resampling that makes the band."
)
@click.option("--compare", metavar="FORMULA", help="A true f(z) to draw and compare with: 1 - z^3.")
@click.option("--out", type=click.Path(path_type=Path), help="Write z, f and the band as .csv.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw a .png, .pdf or .svg.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def reconstruct_(data: Path, shape: str, dimension: int, seed: int, compare: str | None, **given: Any) -> None:
    """The metric ds^2 = z^-2 (-f dt^2 + dz^2/f + dx^2) that has the entropies, or loop energies, of DATA; no learning.

    DATA is a CSV file with columns l and S (or L and V), and error where there are errors, which make a band.
    """
    from holosym import reconstructing
    from holosym.fit.writing import write_text
    from holosym.report import entropies

    made = reconstructing.reconstruct(data, shape, dimension, seed)
    exact = None if compare is None else reconstructing.truth(compare, made.found.z)
    if given["out"] is not None:
        write_text(given["out"], reconstructing.as_csv(made))
    if given["plot"] is not None:
        entropies.plot_reconstruction(made, given["plot"], exact)
    if given["as_json"]:
        click.echo(reconstructing.as_json(made, exact))
        return
    _print(entropies.reconstruction_table(made, exact))
    for note in made.found.notes:
        click.echo(note)


@main.command(name="fit")
@click.argument("experiment", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the run.  [default: runs/NAME]")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint there.")
@click.option("--device", help="cpu, cuda or cuda:1.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="seeds=3, loss.points=128, stages.0.steps=50."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def fit_(ctx: click.Context, /, experiment: Path, as_json: bool, **given: Any) -> None:
    """Fit what EXPERIMENT, a TOML file, describes: parameters, couplings, fields; from data, equations or both.

    Writes result.json, the fitted functions as CSV and as couplings, fields as NetCDF, plots and a page index.html.
    Checkpoints are kept; after Ctrl-C or a crash, --resume goes on with nothing lost.
    """
    import json

    from rich.console import Console

    from holosym import fitting
    from holosym.fit.progress import progress_for
    from holosym.report import fits
    from holosym.report.progress import StageReporter

    settings = [*given["settings"], *([f"device={given['device']}"] if given["device"] else [])]
    with StageReporter() as stages:
        prepared = fitting.prepare(experiment, settings=settings, out=given["out"], progress=stages)
    fit = fitting.run(prepared, resume=given["resume"], progress=progress_for(Console(stderr=True)))
    if as_json:
        click.echo(json.dumps(fit.summary.as_json(), indent=2))
    else:
        for table in fits.as_tables(fit.summary):
            _print(table)
        for sentence in [*fit.summary.sentences, *fit.summary.ended]:
            click.echo(sentence)
        click.echo(fit.folder / "index.html")
    if fit.summary.interrupted:
        ctx.exit(INTERRUPTED)


@main.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(as_json: bool) -> None:
    """List the gallery: models with their unknown functions and couplings."""
    from holosym.report import gallery
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        entries = gallery.entries(progress)
    if as_json:
        click.echo(gallery.as_json(entries))
    else:
        _print(gallery.as_table(entries))


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a commented starter model NAME.py that compiles and checks."""
    from holosym.report.starter import write_starter

    path = write_starter(name)
    click.echo(f"{path}\nnext: holosym check {path}")


@main.command(name="demo")
@click.argument("name", default="gubser_rocha")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs/demo"), show_default=True)
def demo_(name: str, out: Path) -> None:
    """Compile NAME, and solve its generated equations beside the exact solution."""
    from holosym.report import exact
    from holosym.report.progress import StageReporter

    with StageReporter() as progress:
        package, solution = exact.prepare(name, out, progress)
        from holosym import demo
    demo.run(package, solution, out)


def _print(what: Any) -> None:
    from rich.console import Console

    # Where there is no terminal a table has the columns that it needs.
    Console(width=None if sys.stdout.isatty() else PIPED_WIDTH).print(what)


if __name__ == "__main__":
    main()
