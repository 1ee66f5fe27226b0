"""The service without its wires: requests in, responses out, over plain data and a clock that is only told.

Nothing here reads a file, opens a socket, waits, or asks what time it is.

A rule of the service names where it is known from:

- R21, R22, R26: the live service, as recorded by the az CLI's own tests in May and June 2021, in 2022, and in July and
  September 2026; a file named after it (`R21 job.json`) is the recording;
- SDKB, SDKV: the models and operations of azure-mgmt-recoveryservicesbackup and azure-mgmt-recoveryservices;
- SPEC: the examples in azure-rest-api-specs; Learn: the documentation; CLI, TF: the sources of az and of Terraform's
  azurerm; an issue, or a third party's page, where nothing better speaks of it;
- INFERRED: concluded from the others. Where no source has the service's own code or words, it is said at the place.
"""

from backup_reconciler.sandbox.core.estate import Estate
from backup_reconciler.sandbox.core.service import anonymous, dressed, handle
from backup_reconciler.sandbox.core.wire.messages import Json, Request, Response

__all__ = ["Estate", "Json", "Request", "Response", "anonymous", "dressed", "handle"]
