"""Planning protection: which VMs are meant, and what each needs from the state it is in."""
