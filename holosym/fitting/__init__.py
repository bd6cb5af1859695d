"""The stage `fit`: from an experiment file to a folder with the result.

The model is compiled into the folder of the run, so what was fitted stands beside what came out:

    runs/NAME/  package/MODEL/, checkpoints/, result.json, V.csv, V.json, fields.nc, *.png, index.html
"""

from holosym.fitting.prepare import Prepared, prepare
from holosym.fitting.run import Fit, run, trained

__all__ = ["Fit", "Prepared", "prepare", "run", "trained"]
