"""The project's exceptions.

InkloopError
├── SettingsError    a setting is missing or unsafe; the text is one line
├── InkError         what was drawn or uploaded cannot be used; the message says what to do
├── CorpusError      a data set is missing, cut or damaged
├── TrainingError    a run cannot be started or gone on with
│   └── TooFew       there are not enough corrections to learn from
├── ModelError       a model version cannot be trusted or loaded
├── BackupError      a copy of the database cannot be made or used
├── FeedbackError
│   ├── KeyReused    an idempotency key came back with other content
│   ├── Withdrawn    the correction was taken back and stays so
│   └── NotFound     there is no such correction
├── AccountError     a name or password cannot be taken; the message says why
│   └── NameTaken    somebody has that name
├── NotSignedIn      no token, or none that is any good
│   └── WrongPassword
├── NotAllowed       who asks is known, and may not
├── TooSoon          it may be tried again in retry_after_s
├── SheetError       the spreadsheet did not do what was asked
│   ├── SheetBusy           nothing was changed; the same may be asked again, later
│   ├── SheetUnclear        nobody knows whether anything was changed
│   ├── SheetRefused        this content is refused, and always will be
│   └── SheetMisconfigured  somebody must do something; the message says what
└── Unavailable      a part the request needs (the database, say) cannot answer now
"""


class InkloopError(Exception):
    """The root of the project's own errors; its text is meant for people."""


class SettingsError(InkloopError, SystemExit):
    """A setting is missing or unsafe. Uncaught, it ends any command with its one line of text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.code = f"Inkloop does not start: {text}"


class InkError(InkloopError):
    """What was drawn or uploaded cannot be used."""


class CorpusError(InkloopError):
    """A data set is missing, cut or damaged."""


class TrainingError(InkloopError):
    """A training run cannot be started or gone on with."""


class TooFew(TrainingError):
    """There are not enough corrections to learn from."""


class ModelError(InkloopError):
    """A model version cannot be trusted or loaded."""


class BackupError(InkloopError):
    """A copy of the database cannot be made or used."""


class FeedbackError(InkloopError):
    """A correction cannot be kept or taken back."""


class KeyReused(FeedbackError):
    """An idempotency key came back with other content."""


class Withdrawn(FeedbackError):
    """The correction was taken back and stays so."""


class NotFound(InkloopError):
    """There is no such thing, or not for who asks."""


class AccountError(InkloopError):
    """A name or a password cannot be taken."""


class NameTaken(AccountError):
    """Somebody has that name."""


class NotSignedIn(InkloopError):
    """There is no token, or none that is any good."""


class WrongPassword(NotSignedIn):
    """The name is unknown or the password is not its own: which of the two is not told."""


class NotAllowed(InkloopError):
    """Who asks is known, and may not."""


class TooSoon(InkloopError):
    """It may be tried again, later."""

    def __init__(self, text: str, retry_after_s: int) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class SheetError(InkloopError):
    """The spreadsheet did not do what was asked of it."""


class SheetBusy(SheetError):
    """Nothing was changed; the same may be asked again, later."""


class SheetUnclear(SheetError):
    """Nobody knows whether anything was changed, or will be yet (is_late)."""

    def __init__(self, text: str, *, is_late: bool = False) -> None:
        super().__init__(text)
        self.is_late = is_late


class SheetRefused(SheetError):
    """This content is refused, and always will be."""


class SheetMisconfigured(SheetError):
    """Somebody must do something; the message says what. It may be about one worksheet only."""

    def __init__(self, text: str, worksheet: str = "") -> None:
        super().__init__(text)
        self.worksheet = worksheet


class Unavailable(InkloopError):
    """A part that the request needs cannot answer now."""
