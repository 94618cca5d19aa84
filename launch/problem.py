"""An error that its reader can mend."""


class Problem(Exception):
    """What happened, in one sentence, and what to do about it.

    Arguments:
        what: the sentence.
        fix: what to do next; a command stands on a line of its own.
        code: the exit status.
    """

    def __init__(self, what: str, fix: str, code: int = 1) -> None:
        super().__init__(f"{what}\n{fix}")
        self.code = code
