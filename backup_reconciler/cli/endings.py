"""How each verb may end: what its exit statuses mean, said in its help and on its page of the documentation."""

from collections.abc import Mapping

from backup_reconciler.cli.status import ExitStatus

_OF_EVERY = {
    ExitStatus.ERROR: "An error, or wrong usage; nothing was done.",
    ExitStatus.INTERRUPTED: "Interrupted by Ctrl-C.",
}
_OF_ONE: Mapping[str, Mapping[ExitStatus, str]] = {
    "new": {ExitStatus.FINE: "The manifest was written."},
    "validate": {
        ExitStatus.FINE: "The manifests are valid; there may be warnings.",
        ExitStatus.ERROR: "There are mistakes (with --strict, or warnings), or wrong usage.",
    },
    "fmt": {
        ExitStatus.FINE: "The files are formatted.",
        ExitStatus.ERROR: "A file could not be formatted; with --check, some are not.",
    },
    "plan": {
        ExitStatus.FINE: "The plan was shown.",
        ExitStatus.DIFFERENCES: "With --detailed-exitcode: there are managed differences.",
    },
    "apply": {
        ExitStatus.FINE: "All that is not blocked is as declared.",
        ExitStatus.ERROR: "An error, a plan that was refused, or wrong usage; nothing was changed.",
        ExitStatus.IN_PART: "Applied in part: something failed, broke off, waits for approval, or is new since.",
        ExitStatus.INTERRUPTED: "Interrupted by Ctrl-C; what Azure had accepted goes on there, and is told.",
    },
    "drift": {
        ExitStatus.FINE: "All that is not blocked is as declared.",
        ExitStatus.DIFFERENCES: "There are managed differences.",
    },
    "check": {
        ExitStatus.FINE: "The selected VMs are ready.",
        ExitStatus.DIFFERENCES: "Some VMs are not ready, or it is not known.",
    },
    "jobs": {ExitStatus.FINE: "The jobs were shown, however they stand."},
    "report": {
        ExitStatus.FINE: "It was written; of drift: all that is not blocked is as declared.",
        ExitStatus.DIFFERENCES: "There are managed differences; of plans with --detailed-exitcode only.",
    },
    "export": {ExitStatus.FINE: "It was written."},
    "permissions": {ExitStatus.FINE: "The roles were shown."},
    "unlock": {
        ExitStatus.FINE: "The lock was broken, or no run had it.",
        ExitStatus.ERROR: "An error, wrong usage, or the answer was no; nothing was changed.",
    },
    "schema": {ExitStatus.FINE: "The schemas were written."},
    "sandbox": {ExitStatus.FINE: "The box was closed; with COMMAND, its own exit status."},
}


def endings_of(verb: str) -> Mapping[ExitStatus, str]:
    """What each exit status of a verb means, in their order."""
    return dict(sorted({**_OF_EVERY, **_OF_ONE.get(verb, {})}.items()))


def told_in_help(verb: str) -> str:
    """The same, to stand below the options of `--help`."""
    lines = [f"{status:>3}  {meaning}" for status, meaning in endings_of(verb).items()]
    return "\n".join(["Exit status:", *lines])
