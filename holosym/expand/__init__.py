"""Expansions of a theory's solutions about the ends of the radial line: horizon and boundary.

horizon_series(system)    regular data at a non-extremal horizon, every further derivative in terms of them
boundary_series(system)   indicial exponents, sources and responses, powers and logarithms
"""
