"""A plan, a result or a snapshot, told: as text for people, as JSON for machines, as manifests for git."""
