"""Data of quantum systems that are solved exactly: what a reconstruction can be tried on."""
