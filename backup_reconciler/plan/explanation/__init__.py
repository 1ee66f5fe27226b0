"""Why a plan does what it does for one VM: what selects it, where it goes, what holds it, and what comes of that."""
