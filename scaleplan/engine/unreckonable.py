"""Unreckonable is a plan whose figures cannot be."""


class Unreckonable(ArithmeticError):  # noqa: N818 - it is a state of the plan, told to the trader
    """A plan whose figures cannot be: at `path`, `message` says what clashes and `help` one way out."""

    def __init__(self, path: str, message: str, help: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.help = help
