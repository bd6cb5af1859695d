"""Symbols of boundary data in LaTeX: a logarithm is upright, a Greek name is a letter."""

import pytest
from sympy import Symbol

from holosym.dsl.latex import Latex


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("phi_2_log", r"\phi_{2 \log}"),
        ("phi_2_log2", r"\phi_{2 \log^2}"),
        ("A_t_0_log", r"A_{t 0 \log}"),
        ("phi_2", r"\phi_{2}"),
        ("log", "log"),
    ],
)
def test_symbols(name, written):
    assert Latex().doprint(Symbol(name)) == written
