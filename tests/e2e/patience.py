"""Waiting. Machines are busy and sanitizers slow: deadlines are generous, and nothing waits longer than it must."""
import os
import time

PATIENCE = float(os.environ.get("TUTTI_E2E_PATIENCE", "1"))


def eventually(condition, seconds=10, what=None, every=0.1):
    """The first truthy value of condition(); fails when there was none for so long."""
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds * PATIENCE:g} s: {what or condition.__name__}")
        time.sleep(every)
