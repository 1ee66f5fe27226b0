"""Microsoft.PolicyInsights: what Azure Policy denies, asked beforehand and met by a write."""
