"""Who runs this and where, as another run is told that finds the lock taken."""

import getpass
import os
import platform
from collections.abc import Mapping
from datetime import datetime

from backup_reconciler.azure.holder import Holder

_PIPELINES = (
    ("GITHUB_ACTOR", "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"),
    ("BUILD_REQUESTEDFOR", "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}"),
    ("GITLAB_USER_LOGIN", "{CI_JOB_URL}"),
)
"""Of GitHub Actions, Azure Pipelines and GitLab CI: the variable that says who, and the address of the run. Sources:
the products' lists of predefined variables."""


def this_run(since: datetime, environment: Mapping[str, str] = os.environ) -> Holder:
    """The pipeline's run, or the user on this machine."""
    for who, address in _PIPELINES:
        try:
            return Holder(environment[who], address.format_map(environment), since)
        except KeyError:
            continue
    return Holder(_user(), platform.node() or "a machine without a name", since)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name; the type is Python's to choose
        return "a user without a name"
