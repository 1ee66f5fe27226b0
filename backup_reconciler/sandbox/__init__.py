"""An Azure in a box: a local HTTP server that answers like Azure Resource Manager for what this product manages.

`core` decides what the service says and knows neither network nor clock; `shell` puts HTTP around it; `world` says
what exists, `world_file` reads it and `state` keeps it between runs. Nothing here is shared with the package's Azure
clients, so that a mistake cannot hide in both.
"""

from backup_reconciler.sandbox.box import Box, Exchange, open_box
from backup_reconciler.sandbox.founding import why_no_policy
from backup_reconciler.sandbox.world.base import WorldError
from backup_reconciler.sandbox.world_file import parse_world

__all__ = ["Box", "Exchange", "WorldError", "open_box", "parse_world", "why_no_policy"]
