"""Microsoft.Authorization: roles, permissions, and management locks."""
