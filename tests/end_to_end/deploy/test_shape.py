"""The objects are what Kubernetes takes, pods may do no more than they need, the image is made as pipelines install."""

import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.end_to_end.deploy.kubernetes import DEPLOY, KUBERNETES, KUSTOMIZATION, environment, jobs, objects, pod
from tests.end_to_end.pipelines.steps import GITHUB

VERSIONS = ("1.29", kubernetes_validate.latest_version())
"""The first one that has `backoffLimitPerIndex` without a feature gate, and the newest."""


@pytest.mark.parametrize("one", list(objects()), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_each_object_is_valid_by_the_schema_of_kubernetes(one: dict[str, Any]) -> None:
    for version in VERSIONS:
        kubernetes_validate.validate(one, version, strict=True)


def test_every_file_belongs_to_the_kustomization() -> None:
    assert {path.name for path in KUBERNETES.iterdir()} == {"kustomization.yaml", *KUSTOMIZATION["resources"]}
    (image,) = KUSTOMIZATION["images"]
    images = {one["image"] for job in jobs() for one in pod(job)["containers"]}
    assert images == {image["name"]}, "what the kustomization puts in the place of"


@pytest.mark.parametrize("job", ["drift", "apply"])
def test_there_are_as_many_pods_as_shards(job: str) -> None:
    spec = jobs()[job]
    assert spec["completionMode"] == "Indexed"
    assert str(spec["completions"]) == environment(job)["SHARDS"]
    assert spec["template"]["metadata"]["labels"]["azure.workload.identity/use"] == "true"


@pytest.mark.parametrize("job", list(jobs()))
def test_a_pod_is_restricted(job: str) -> None:
    """As the namespace enforces it (Kubernetes, "Pod Security Standards"), and its file system cannot be written."""
    found = pod(job)
    assert found["securityContext"]["runAsNonRoot"] is True
    assert found["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*found.get("initContainers", ()), *found["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]
        mounted = {one["name"] for one in container["volumeMounts"]}
        assert mounted <= {one["name"] for one in found["volumes"]}


def test_nobody_has_a_token_for_the_cluster() -> None:
    accounts = {one["metadata"]["name"]: one for one in objects() if one["kind"] == "ServiceAccount"}
    assert all(one["automountServiceAccountToken"] is False for one in accounts.values())
    for job in jobs():
        assert pod(job).get("serviceAccountName") in accounts or pod(job)["automountServiceAccountToken"] is False


def test_nothing_is_applied_before_somebody_says_so() -> None:
    (apply,) = (one for one in objects() if one["kind"] == "CronJob" and one["metadata"]["name"] == "apply")
    assert apply["spec"]["suspend"] is True
    assert apply["spec"]["concurrencyPolicy"] == "Forbid"


def test_the_image_is_made_of_what_is_there_and_installed_as_in_pipelines() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE) for word in line.split()[:-1]
    ]
    assert copied
    assert all((DEPLOY.parent / one).exists() for one in copied)
    action = yaml.safe_load((GITHUB / "actions" / "backup-reconciler" / "action.yml").read_text())
    installs = action["runs"]["steps"][-1]["run"]
    options = re.findall(r"pip install .*?(--(?:require|no-deps).*?) (?:--requirement|\")", installs)
    assert len(options) == 2
    assert all(one in dockerfile for one in options)
