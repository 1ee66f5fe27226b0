"""The objects of deploy/kubernetes, as kustomize reads them, and what their pods run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[3] / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
KUSTOMIZATION = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())


def objects() -> Iterator[dict[str, Any]]:
    """Of all files that the kustomization names."""
    for name in KUSTOMIZATION["resources"]:
        yield from yaml.safe_load_all((KUBERNETES / name).read_text())


def jobs() -> dict[str, dict[str, Any]]:
    """What each CronJob starts, by its name."""
    return {
        one["metadata"]["name"]: one["spec"]["jobTemplate"]["spec"] for one in objects() if one["kind"] == "CronJob"
    }


def pod(job: str) -> dict[str, Any]:
    """What a pod of it is."""
    found: dict[str, Any] = jobs()[job]["template"]["spec"]
    return found


def script(job: str) -> str:
    """What the shell of its container runs."""
    (container,) = pod(job)["containers"]
    assert container["command"] == ["sh", "-euc"]
    (found,) = container["args"]
    return str(found)


def environment(job: str) -> dict[str, str]:
    """What its container is given."""
    (container,) = pod(job)["containers"]
    return {one["name"]: one["value"] for one in container["env"]}
