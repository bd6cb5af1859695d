"""The history of a fit: thin where it is long, complete where it is short, whole after a round trip."""

import torch

from holosym.fit.history import History


def filled(looks, limit, stages=1):
    history = History(("a", "b"), limit=limit)
    for stage in range(stages):
        history.begin(f"stage {stage}")
        for look in range(looks):
            squares = {"a": torch.tensor([look, 2.0 * look]), "b": torch.tensor([1.0, stage])}
            history.record(stage * looks + look, squares, 0.5 * look, last=look == looks - 1)
    return history


def test_a_short_one_keeps_everything():
    history = filled(10, limit=100)
    assert history.steps.tolist() == list(range(10))
    assert history.values.shape == (10, 2, 2)
    assert history.term("a")[:, 1].tolist() == [2.0 * look for look in range(10)]
    assert history.clock.tolist() == [0.5 * look for look in range(10)]


def test_a_long_one_is_thinned_evenly_and_keeps_first_and_last():
    history = filled(20_000, limit=50)
    steps = history.steps
    assert 25 <= len(steps) <= 52
    assert steps[0] == 0
    assert steps[-1] == 19_999
    assert len(set(steps[:-1].diff().tolist())) == 1
    assert torch.equal(history.term("a")[:, 0], steps.to(torch.float32))


def test_a_long_stage_costs_a_short_one_nothing():
    history = filled(1000, limit=100)
    history.begin("short")
    for step in range(1000, 1030):
        history.record(step, {"a": torch.zeros(2), "b": torch.zeros(2)}, 0.0)
    assert history.steps[-30:].tolist() == list(range(1000, 1030))


def test_round_trip_goes_on_as_before():
    history = filled(777, limit=60, stages=2)
    again = History.restored(*history.stored())
    for one in (history, again):
        for step in range(2000, 2300):
            one.record(step, {"a": torch.ones(2), "b": torch.ones(2)}, 1.0)
    assert torch.equal(history.steps, again.steps)
    assert torch.equal(history.values, again.values)
    assert torch.equal(history.clock, again.clock)


def test_an_empty_one_can_be_stored():
    assert History.restored(*History(("a",)).stored()) == History(("a",))
