"""The check: exit status 1 if any step found a difference. `make clients` runs it inside a box."""

from __future__ import annotations

import sys
from importlib.metadata import version

from tests.clients import with_az, with_sdk
from tests.clients.steps import Steps


def main() -> int:
    steps = Steps()
    print(f"az {version('azure-cli')}")
    with_az.run(steps)
    used = ("azure-mgmt-recoveryservices", "azure-mgmt-recoveryservicesbackup", "azure-identity")
    print(f"\nAzure SDK for Python: {', '.join(f'{name} {version(name)}' for name in used)}")
    with_sdk.run(steps)
    print(f"\n{steps.summary()}")
    return 1 if steps.failures else 0


if __name__ == "__main__":
    sys.exit(main())
