"""What Azure Resource Manager itself does with a request, before any resource provider sees it."""
