#!/usr/bin/env bash
# All protected items of all vaults, as a script reads them: a list of the vaults, and one of items for each.
# Prints how many there are.
set -euo pipefail

az backup vault list --query '[].[resourceGroup, name]' --output tsv |
  while read -r group vault; do
    az backup item list --resource-group "$group" --vault-name "$vault" --query '[].name' --output tsv < /dev/null
  done | wc -l
