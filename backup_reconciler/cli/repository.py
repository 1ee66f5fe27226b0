"""Where the repository is in which a pipeline runs."""

import os
from pathlib import Path

_CHECKED_OUT = ("GITHUB_WORKSPACE", "BUILD_SOURCESDIRECTORY", "CI_PROJECT_DIR")
"""Where GitHub Actions, Azure Pipelines and GitLab CI tell it."""


def repository() -> Path:
    """Where a pipeline has checked the repository out, be it that its step runs in a folder of it; else this folder."""
    return Path(next((found for name in _CHECKED_OUT if (found := os.environ.get(name))), Path.cwd()))
