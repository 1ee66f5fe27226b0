"""The road to Azure Resource Manager: clouds, credentials, requests and retries, and one codec per resource."""
