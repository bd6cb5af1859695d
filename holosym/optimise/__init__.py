"""Optimisers of sums of squares: functions of their state, for many seeds at once."""
