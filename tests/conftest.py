"""On CI nothing is skipped in silence: XUNCHA_NO_SKIPS=1 turns a skip into a failure.

A journey that needs Chromium or PostgreSQL may be skipped on a developer's machine; where both
were installed on purpose, a skip is a broken test. A reason that begins with "extra:" is let by.
This file is read under a phone's versions too: it may import pytest and Hypothesis, and nothing of
ours. Hypothesis times no example: on a shared machine that finds neighbours and no faults.
"""

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
NO_SKIPS = os.environ.get("XUNCHA_NO_SKIPS") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):  # an expected failure is reported as skipped, too
        fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)  # a whole module
    return report


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not NO_SKIPS or report.outcome != "skipped":
        return
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith("extra:"):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped, and XUNCHA_NO_SKIPS=1: {reason}"
