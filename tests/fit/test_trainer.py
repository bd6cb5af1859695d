"""The trainer on lines through points, where the answer is known in closed form."""

import pytest
import torch
from least_squares import Lines, start

from holosym.errors import FitError
from holosym.fit.balance import Balance
from holosym.fit.stopping import Stage, Stop
from holosym.fit.trainer import train
from holosym.optimise.adam import Adam, Schedule
from holosym.optimise.levenberg_marquardt import LevenbergMarquardt
from holosym.optimise.objective import Weighted, mean_square

DATA = {"data": 1.0}


def adam(steps=300, rate=0.05, **change):
    return Stage(Adam(Schedule(rate=rate)), steps=steps, name="adam", **change)


def lm(steps=20, **change):
    return Stage(LevenbergMarquardt(), steps=steps, name="lm", **change)


def exact(lines):
    """The least-squares line through the points that are not held out."""
    rows = ~lines.held
    return torch.linalg.lstsq(lines.matrix[rows], lines.y[rows, None]).solution[:, 0]


def fit(lines, stages, **settings):
    return train(lines, stages, **({"weights": DATA, "theta": start(), "folder": None} | settings))


def test_stages_follow_each_other_to_the_exact_line():
    lines = Lines(noise=0.1)
    found = fit(lines, [adam(), lm(tolerance=0.0)])
    torch.testing.assert_close(found.best, exact(lines).expand(2, 2), rtol=1e-10, atol=1e-10)
    assert [one.stage for one in found.ended] == ["adam", "lm"]
    assert found.steps == 320
    assert not found.interrupted
    assert found.history.terms == ("data", "held")
    assert found.history.values.shape == (322, 2, 2)
    assert (found.history.clock.diff() >= 0).all()


def test_best_is_the_least_loss_seen_and_its_terms():
    lines = Lines(noise=0.1)
    found = fit(lines, [adam(60, rate=0.5)])
    losses = found.history.term("data")
    assert torch.equal(found.value, losses.amin(dim=0))
    assert not torch.equal(found.value, losses[-1])
    again = mean_square(lines.residuals(found.best)["data"])
    torch.testing.assert_close(again, found.value, rtol=1e-10, atol=0)
    assert torch.equal(found.squares["data"], found.value)
    assert found.history.steps[losses[:, 0].argmin()] == found.step[0]


def test_looking_less_often_walks_the_same_way():
    often = fit(Lines(), [adam(50)])
    rarely = fit(Lines(), [adam(50, watch=20)])
    torch.testing.assert_close(rarely.last, often.last, rtol=1e-10, atol=1e-12)
    assert rarely.history.steps.tolist() == [0, 20, 40, 50]


def test_a_seed_leaves_where_its_loss_is_small_enough_and_stays_there():
    begin = start()
    begin[1] = exact(Lines()) + 0.01
    found = fit(Lines(), [adam(400, tolerance=1e-3)], theta=begin)
    assert found.ended[0].reasons == ["tolerance", "tolerance"]
    assert torch.equal(found.last[1], begin[1])
    assert found.ended[0].steps < 400


def test_a_stage_ends_where_the_loss_falls_no_more():
    found = fit(Lines(noise=0.1), [lm(100, gain=1e-6, window=5)])
    assert found.ended[0].reasons == ["gain", "gain"]
    assert found.ended[0].steps < 15


def test_stop_at_the_noise():
    """chi^2 per point is at most one, a step earlier it was above; the next stage leaves the seeds alone."""
    lines = Lines(noise=0.1)
    found = fit(lines, [adam(), lm()], stop=Stop(noise={"data": 1.0}))
    assert found.ended[0].reasons == ["noise", "noise"]
    assert found.ended[1].reasons == ["noise", "noise"]
    assert found.ended[1].steps == 0
    chi = found.history.term("data")
    for seed in range(2):
        assert chi[chi[:, seed] > 1, seed].numel() == int(found.step[seed])
        assert found.squares["data"][seed] <= 1
    assert torch.equal(found.best, found.last)
    assert "the data are fitted to their errors" in found.sentences()[0]


def test_the_noise_must_be_reached_in_every_term_that_has_a_level():
    found = fit(Lines(noise=0.1), [lm(10)], stop=Stop(noise={"data": 1.0, "held": 1e-6}))
    assert found.ended[0].reasons == ["steps", "steps"]


def test_the_held_out_term_chooses_the_best_state_and_ends_the_stage():
    lines = Lines(noise=0.5)
    found = fit(lines, [adam(500)], stop=Stop(validation="held", patience=30))
    held = found.history.term("held")
    for seed in range(2):
        assert found.value[seed] == held[:, seed].min()
    assert found.ended[0].reasons == ["validation", "validation"]
    assert found.ended[0].steps == int(found.step.max()) + 30
    # The held-out points prefer another line than the loss does.
    assert (found.best - exact(lines)).abs().max() > 1e-3


def test_points_that_are_held_out_and_met_by_chance_do_not_choose_alone():
    """From a line through the held-out points, which misses the others, the fit goes on to one that misses neither."""
    lines = Lines(noise=0.5)
    lines.held = torch.arange(len(lines.x)) == len(lines.x) // 2  # a single one
    begin = exact(Lines(noise=0.0)).expand(2, -1).clone()
    begin[:, 1] += 3.0
    begin[:, 0] += (lines.y - lines.matrix @ begin[0])[lines.held]
    assert float(lines.residuals(begin)["held"].abs().max()) < 1e-12
    alone = fit(lines, [lm(10)], theta=begin, stop=Stop(validation="held"))
    beside = fit(lines, [lm(10)], theta=begin, stop=Stop(validation="held", beside=("data",)))
    assert alone.step.tolist() == [0, 0]
    assert (beside.step > 0).all()
    assert (beside.squares["data"] < 0.5 * alone.squares["data"]).all()
    torch.testing.assert_close(beside.value, torch.maximum(beside.squares["data"], beside.squares["held"]))


@pytest.mark.parametrize("by", ["gradient", "residual"])
def test_balance_brings_terms_to_one_size(by):
    """With one term 100 times stronger than the other, weights even out the sizes that they balance."""
    balance = Balance({"data": 100.0, "held": 1.0}, every=1, by=by, keep=0.0)
    lines, theta = Lines(noise=0.1), start()
    ones = {name: torch.ones(2, dtype=torch.float64) for name in balance.weights}
    factors = balance.corrected(ones, lines, theta)
    sizes = {}
    for name, weight in balance.weights.items():
        loss, gradient = Weighted(lines, {name: 1.0}).gradient(theta)
        sizes[name] = weight * factors[name] * (gradient.norm(dim=-1) if by == "gradient" else loss)
    torch.testing.assert_close(sizes["data"], sizes["held"], rtol=1e-10, atol=0)


def test_a_balanced_fit_keeps_to_the_given_weights_where_it_compares():
    lines = Lines(noise=0.1)
    weights = {"data": 1.0, "held": 1.0}
    found = fit(lines, [adam(200)], weights=Balance(weights, every=20))
    assert (found.weights["data"] != 1).all()
    values = found.history.values.sum(dim=1)
    torch.testing.assert_close(found.value, values.amin(dim=0), rtol=1e-14, atol=0)


class Cliff(Lines):
    """Residuals are NaN where the slope of a seed is above 1.5: as a solver that fails there."""

    def _rows(self, theta):
        rows = super()._rows(theta)
        return torch.where(theta[:, 1:] > 1.5, torch.nan, rows)


LOW = torch.tensor([[-1.0, 0.0], [2.0, 1.0]], dtype=torch.float64)


def test_values_that_are_not_finite_are_taken_back():
    """Seeds walk to the edge with smaller and smaller steps; it is said once; the best state is finite."""
    found = fit(Cliff(), [adam(400, rate=0.3)], theta=LOW)
    said = [message for message in found.messages if "not finite" in message]
    assert len(said) == 1
    assert found.best.isfinite().all()
    assert (found.best[:, 1] <= 1.5).all()
    assert (found.best[:, 1] > 1.0).all()
    assert found.ended[0].reasons == ["rollbacks", "rollbacks"]
    assert sum("10 times" in message for message in found.messages) in (1, 2)


def test_a_seed_that_falls_leaves_the_other_as_it_would_be_alone():
    begin = start()
    begin[1] = torch.tensor([3.0, -1e9])
    alone = fit(Lines(), [adam(50, rate=0.3)], theta=begin)

    class Pit(Lines):
        def _rows(self, theta):
            rows = super()._rows(theta)
            return torch.where((theta[:, 1:] > -1e9) & (theta[:, :1] > 2.5), torch.nan, rows)

    found = fit(Pit(), [adam(50, rate=0.3)], theta=begin)
    assert any("seed 1" in message for message in found.messages)
    torch.testing.assert_close(found.last[0], alone.last[0], rtol=1e-10, atol=1e-12)


def test_a_seed_that_cannot_begin_is_left_out():
    begin = LOW.clone()
    begin[0, 1] = 7.0
    found = fit(Cliff(), [adam(5), lm(2)], theta=begin)
    assert [one.reasons[0] for one in found.ended] == ["start", "start"]
    assert found.value.isinf().tolist() == [True, False]
    assert found.champion == 1


def test_no_seed_can_begin():
    with pytest.raises(FitError, match="residuals of data are not finite where the fit begins"):
        fit(Cliff(), [adam()], theta=start() + 100)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"weights": {"dta": 1.0}}, "weights: this fit has no term 'dta'"),
        ({"weights": {}}, "no term has a weight"),
        ({"weights": {"data": -1.0}}, "the weight of 'data' is -1.0"),
        ({"weights": {"data": float("nan")}}, "the weight of 'data' is nan"),
        ({"stop": Stop(validation="data")}, "is in the loss and cannot validate it"),
        ({"stop": Stop(noise={"chi": 1.0})}, "no term 'chi'"),
        ({"stages": []}, "no stage"),
    ],
)
def test_what_cannot_be_is_refused(settings, message):
    with pytest.raises(FitError, match=message):
        fit(Lines(), **({"stages": [adam(1)]} | settings))


def test_a_note_of_an_optimiser_is_said_once():
    class Talker(Adam):
        def step(self, theta, state, problem):
            step = super().step(theta, state, problem)
            return type(step)(step.theta, step.state, step.loss, step.accepted, "slow today")

    found = fit(Lines(), [Stage(Talker(), steps=5, name="talk")])
    assert found.messages == ("talk, step 1: slow today",)
