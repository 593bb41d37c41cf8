"""Support for tests in a real browser."""
