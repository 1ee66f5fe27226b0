"""What Azure has and the words of a manifest cannot tell."""


class Untold(Exception):
    """The message says which part it is, as the end of a sentence: "its schedule is of type LogSchedulePolicy"."""
