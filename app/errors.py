"""The project's exceptions.

InkloopError
├── SettingsError    a setting is missing or unsafe; the text is one line
├── InkError         what was drawn or uploaded cannot be used; the message says what to do
├── CorpusError      a data set is missing, cut or damaged
├── TrainingError    a run cannot be started or gone on with
├── ModelError       a model version cannot be trusted or loaded
├── BackupError      a copy of the database cannot be made or used
├── FeedbackError
│   ├── KeyReused    an idempotency key came back with other content
│   ├── Withdrawn    the correction was taken back and stays so
│   └── NotFound     there is no such correction
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


class NotFound(FeedbackError):
    """There is no such correction."""


class Unavailable(InkloopError):
    """A part that the request needs cannot answer now."""
