"""What the network lets a VM reach, and what stops it."""
