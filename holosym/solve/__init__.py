"""Solving generated equations: a package, a grid, boundary conditions, Newton. torch only, never SymPy."""
