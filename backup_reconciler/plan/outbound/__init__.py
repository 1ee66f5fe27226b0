"""What it takes that VMs have the way out which is declared for them."""
