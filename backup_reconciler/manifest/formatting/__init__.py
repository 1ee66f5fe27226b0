"""One way of writing manifests: fields in their order, comments where they belong, and never a change of meaning."""

from backup_reconciler.manifest.formatting.files import FormattedFile, format_bytes, format_files, rewrite

__all__ = ["FormattedFile", "format_bytes", "format_files", "rewrite"]
