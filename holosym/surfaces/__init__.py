"""Extremal surfaces and strings in a static background: entanglement entropy, cross-sections, Wilson loops.

`background` has jets of the fields anywhere on the radial line, `functional` the two functions B and C of that line of
which every surface is made, `strip` the surface that turns at a given depth, `family` all surfaces of given widths.
`disk`, `mutual` and `cross_section` are other shapes; `abel` goes the other way, from entropies to a metric.
"""
