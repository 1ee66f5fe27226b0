"""Microsoft.Compute: virtual machines."""
