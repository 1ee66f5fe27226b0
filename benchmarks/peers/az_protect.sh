#!/usr/bin/env bash
# Protects the VMs that standard input names, a line `group name` for each, in the vault of their group: one command
# for each VM, which waits until it is done.
set -euo pipefail

while read -r group vm; do
  az backup protection enable-for-vm --resource-group "$group" --vault-name "rsv-${group#rg-}" --vm "$vm" \
    --policy-name DefaultPolicy --output none < /dev/null
done
