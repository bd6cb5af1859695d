"""Unknown functions that yield jets: whatever returns (u, u', u'', ...) can stand where a field does."""
