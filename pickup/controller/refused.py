"""The bank's "no", with a reason code that the page turns into a sentence."""


class Refused(Exception):
    """The bank does not do what was asked. `why` is a reason code, `seconds` a time to wait."""

    def __init__(self, why: str, seconds: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.seconds = seconds
