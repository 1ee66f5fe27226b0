"""Which VMs the manifests mean, for which vault, and what is wished for each."""
