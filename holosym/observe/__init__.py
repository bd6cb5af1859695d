"""Observables of a theory: thermodynamics, conserved charges, transport."""
