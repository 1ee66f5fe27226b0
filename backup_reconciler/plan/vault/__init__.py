"""Planning vaults: what is changed of them, in which steps, what that costs, and how one is taken away."""
