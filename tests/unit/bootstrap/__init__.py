"""Tests of what builds the adapters."""
