"""The ring of jets: what a derivation computes in.

element, base, powers, ring     arithmetic and the test for zero
generators, composites          what elements are made of, and how each is derived
derivation                      total and partial derivatives
from_sympy, functions, to_sympy the way in and the way out
"""
