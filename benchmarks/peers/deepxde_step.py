"""DeepXDE: `PFNN`, one network a field, all four in one output, with `dde.grad` for the derivatives."""

import os

os.environ["DDE_BACKEND"] = "pytorch"

import deepxde as dde
import stepping
import torch
from four_fields import FIELDS, WIDTHS, left_sides

dde.config.set_default_float("float64")


def equations(z, y):
    """The residuals in order."""
    jets = {
        name: (y[:, i : i + 1], dde.grad.jacobian(y, z, i=i), dde.grad.hessian(y, z, component=i))
        for i, name in enumerate(FIELDS)
    }
    return list(left_sides(jets).values())


points = stepping.points()
data = dde.data.PDE(dde.geometry.Interval(0, 1), equations, [], num_domain=0, anchors=points.numpy())
sizes = [1, *([width] * len(FIELDS) for width in WIDTHS), len(FIELDS)]
net = dde.nn.PFNN(sizes, "tanh", "Glorot uniform")
layers = stepping.linears(net)
values = [stepping.weights(name) for name in FIELDS]
stepping.fill(layers, [values[i][k] for k in range(len(WIDTHS) + 1) for i in range(len(FIELDS))])
model = dde.Model(data, net)
model.compile("adam", lr=stepping.RATE, verbose=0)

z = points.clone().requires_grad_()
loss = float(torch.cat(equations(z, net(z)), dim=1).square().mean())
dde.grad.clear()

stepping.serve("DeepXDE", dde.__version__, loss, lambda n: model.train(iterations=n, display_every=10**9, verbose=0))
