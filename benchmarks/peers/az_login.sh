#!/usr/bin/env bash
# Makes the box a cloud of az's own configuration, and signs in with the managed identity that the box offers.
set -euo pipefail

az cloud register --name Sandbox --endpoint-resource-manager "$BACKUP_RECONCILER_ARM_ENDPOINT"
az cloud set --name Sandbox
az login --identity --output none
