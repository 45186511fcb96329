"""What a service raises when a rule of the field says no."""


class RuleBroken(Exception):
    """A rule refused. `message` is a sentence a person can act on; `field` names the form field it belongs to."""

    def __init__(self, message, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
