"""What a checkpoint must agree in with the fit that goes on from it, key by key: a message names what differs.

The model, the data and the experiment, but for what does not change its course: titles, what is known of the answer,
the machine, and how many steps a stage may take, of which a fit may be given more when it goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from holosym.fit.experiment import Experiment
from holosym.fit.reading import as_text

_FREE = ("title", "model", "threads", "exact", "device")


def identity_of(experiment: Experiment, model_hash: str, folder: Path) -> dict[str, str]:
    """Key to value, such as "unknown.V.range" to "[0.0, 2.5]"; `folder` is that of the experiment file."""
    content = {name: value for name, value in as_text(experiment).items() if name not in _FREE}
    content["unknown"] = {n: {k: v for k, v in one.items() if k != "true"} for n, one in content["unknown"].items()}
    stages = [stage.model_dump(mode="json", exclude={"steps"}) for stage in experiment.all_stages()]
    found = {"model": model_hash, **dict(_flat({**content, "stages": stages}))}
    for one in experiment.data:
        found[f"content of {one.file}"] = hashlib.sha256((folder / one.file).read_bytes()).hexdigest()
    return found


def _flat(content: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Tables below tables, and lists of tables, as keys with dots."""
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, (list, tuple)) and any(isinstance(one, Mapping) for one in value):
            value = {str(i): one for i, one in enumerate(value)}
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{name}.")
        else:
            yield name, json.dumps(value)
