"""From an `EquationSystem` to the text of a generated torch package, and onto disk."""
