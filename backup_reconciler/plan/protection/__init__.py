"""Planning protection: what each VM needs, from the state it is in to the one that is wished for."""
