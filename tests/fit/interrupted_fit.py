"""A fit in a process of its own, which tests kill: `python interrupted_fit.py FOLDER WHEN [resume]`.

WHEN: "call17", the evaluation before which the process kills itself without warning; "write5", the checkpoint that it
dies in; "never". Prints the unknowns and the history in hexadecimal.
"""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import torch
from least_squares import Lines, start

from holosym.fit import checkpoint
from holosym.fit.balance import Balance
from holosym.fit.stopping import Stage, Stop
from holosym.fit.trainer import train
from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt


class Mortal(Lines):
    """Adds noise from torch's own generator to the residuals, and dies when its time has come."""

    def __init__(self, deadline):
        super().__init__(noise=0.1)
        self.deadline = deadline

    def _rows(self, theta):
        if self.deadline is not None and int(self.calls[0, 0]) >= self.deadline:
            os.kill(os.getpid(), signal.SIGKILL)
        rows = super()._rows(theta)
        return rows + 1e-3 * torch.randn(rows.shape, dtype=rows.dtype)

    def residuals(self, theta):
        return {**super().residuals(theta), "prior": 0.1 * theta}

    def jacobian(self, theta):
        unit = torch.eye(2, dtype=theta.dtype).expand(theta.shape[0], 2, 2)
        return {**super().jacobian(theta), "prior": (0.1 * theta, 0.1 * unit)}


def run(folder, deadline=None, resume=False, progress=None):
    torch.set_num_threads(1)
    torch.manual_seed(3)
    stages = [
        Stage(Adam(Schedule(rate=0.05)), steps=40, name="adam", watch=4),
        Stage(LevenbergMarquardt(), steps=10, name="lm"),
    ]
    return train(
        Mortal(deadline),
        stages,
        weights=Balance({"data": 1.0, "prior": 0.1}, every=8),
        theta=start(),
        folder=folder,
        resume=resume,
        identity={"experiment": "0" * 64},
        checkpoint_every=0,
        stop=Stop(validation="held"),
        progress=progress,
    )


def die_while_writing(number):
    """Kill the process between the two files of a checkpoint."""
    write = checkpoint.write_through
    count = 0

    def dying(path, content):
        nonlocal count
        count += 1
        if count == 2 * number:
            path.write_bytes(content[: len(content) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        write(path, content)

    checkpoint.write_through = dying


def in_hex(found):
    values = [found.last, found.best, found.value[:, None], found.history.values.flatten()[:, None]]
    return " ".join(float(x).hex() for value in values for x in value.flatten())


if __name__ == "__main__":
    folder, when = sys.argv[1:3]
    if when.startswith("write"):
        die_while_writing(int(when.removeprefix("write")))
    deadline = int(when.removeprefix("call")) if when.startswith("call") else None
    print(in_hex(run(folder, deadline, resume="resume" in sys.argv)))
