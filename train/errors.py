"""The one error that is the user's to fix: wrong arguments, wrong data, wrong instance."""


class InputError(ValueError):
    """What is wrong and what to do about it, in one line, without a traceback."""
