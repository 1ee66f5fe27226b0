"""`python -m backup_reconciler`."""

from backup_reconciler.cli.main import run

if __name__ == "__main__":
    run()
