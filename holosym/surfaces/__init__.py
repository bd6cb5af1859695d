"""Extremal surfaces and strings in a static background: entanglement entropy, cross-sections, Wilson loops.

    background   jets of the fields anywhere on the radial line: a solved state, closed forms, fitted functions
    functional   the two functions B and C of the radial line of which every surface here is made
    quadrature   nodes without endpoint singularities
    strip        length and finite area of a strip for a given turning point
"""
