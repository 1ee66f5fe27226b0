"""The page of a verb, as far as the command line itself tells it, in Markdown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum

from typer.core import TyperArgument, TyperCommand, TyperOption

Parameter = TyperArgument | TyperOption

_RULER = "| --- | --- | --- |"


def verb_page(command: TyperCommand, shared: Collection[str], endings: Mapping[int, str]) -> str:
    """What follows the introduction of a verb: its usage, its arguments and options, what each exit status means.

    `shared` are the names of the options of every verb that talks to Azure; they get a table of their own.
    """
    arguments = arguments_of(command)
    options = options_of(command)
    of_azure = [one for one in options if one.name in shared]
    talks_to_azure = len(of_azure) == len(shared)
    own = [one for one in options if one not in of_azure] if talks_to_azure else options
    parts = (
        f"## Usage\n\n```text\n{_usage(command, arguments)}\n```",
        _section("Arguments", "argument", arguments),
        _section("Options", "option", own),
        _section("Options of every verb that talks to Azure", "option", of_azure) if talks_to_azure else "",
        _exit_statuses(endings),
    )
    return "\n\n".join(filter(None, parts)) + "\n"


def verbs_table(commands: Iterable[TyperCommand]) -> str:
    """Every verb with a link to its page, and what it does in the words of its help."""
    rows = [_row(f"[{one.name}]({one.name}.md)", (one.help or "").strip()) for one in commands]
    return "\n".join(["## The verbs\n", _row("verb", "does"), "| --- | --- |", *rows]) + "\n"


def arguments_of(command: TyperCommand) -> list[TyperArgument]:
    """What is told by its place."""
    return [one for one in command.params if isinstance(one, TyperArgument)]


def options_of(command: TyperCommand) -> list[TyperOption]:
    """What is told by its name."""
    return [one for one in command.params if isinstance(one, TyperOption)]


def _usage(command: TyperCommand, arguments: Sequence[TyperArgument]) -> str:
    written = [_place(one) if one.required else f"[{_place(one)}]" for one in arguments]
    return " ".join(["backup-reconciler", command.name or "", *written, "[OPTIONS]"])


def _place(argument: TyperArgument) -> str:
    """An argument as a usage line writes it."""
    return argument.metavar or f"{(argument.name or '').upper()}{'...' if argument.nargs < 0 else ''}"


def _section(title: str, column: str, parameters: Sequence[Parameter]) -> str:
    if not parameters:
        return ""
    rows = [_row(_written(one), _meaning(one), _default(one)) for one in parameters]
    return "\n".join([f"## {title}\n", _row(column, "meaning", "left out"), _RULER, *rows])


def _written(parameter: Parameter) -> str:
    """How a parameter is written: `--since DAYS`, or `--verbose`, `-v`."""
    if isinstance(parameter, TyperArgument):
        names = [_place(parameter)]
    else:
        first, *others = (*parameter.opts, *parameter.secondary_opts)
        names = [first if parameter.is_flag else f"{first} {_value(parameter)}", *others]
    return ", ".join(f"`{name}`" for name in names).replace("|", "` or `")


def _value(option: TyperOption) -> str:
    """The placeholder of what stands behind an option."""
    if option.metavar:
        return option.metavar
    return (
        "N"
        if option.type_descriptor.annotation in (int, float)
        else (option.name or "").strip("_").rpartition("_")[2].upper()
    )


def _meaning(parameter: Parameter) -> str:
    parts = (
        (parameter.help or "").strip(),
        _choices(parameter),
        _range(parameter),
        f"Environment variable: `{parameter.envvar}`." if parameter.envvar else "",
    )
    return " ".join(filter(None, parts))


def _choices(parameter: Parameter) -> str:
    words = [f"`{_plain(choice)}`" for choice in parameter.type_descriptor.choices or ()]
    return f"One of {', '.join(words)}." if words else ""


def _range(parameter: Parameter) -> str:
    """The numbers that are taken; `min` and `max` are those of typer."""
    least, most = parameter.min, parameter.max
    if least is None:
        return ""
    return f"At least {least}." if most is None else f"{least} to {most}."


def _default(parameter: Parameter) -> str:
    if parameter.required:
        return "required"
    if parameter.default is None or parameter.default is False:
        return ""
    return f"`{_plain(parameter.default)}`"


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _exit_statuses(endings: Mapping[int, str]) -> str:
    rows = [f"| {int(status)} | {meaning} |" for status, meaning in endings.items()]
    return "\n".join(["## Exit status\n", "| status | means |", "| --- | --- |", *rows])


def _row(*cells: str) -> str:
    """A row of a table, in which a bar is no border."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
