"""Receipts: signed ids of readings that were served, so that a prediction writes nothing."""

import hashlib
import time

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import InkError
from app.recognition.card import Kind
from app.recognition.reader import Reading


class Receipt(BaseModel):
    """What a receipt says: which ink (sha256) was read as what, by which model, when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ink: str
    result: str
    confidence: float
    kind: Kind
    version: str
    seconds: int


class Receipts:
    """Issues and checks receipts. Any process with the same secret accepts them."""

    def __init__(self, secret: str) -> None:
        """Sign with a secret (HMAC-SHA256 under a key derived for receipts alone)."""
        self._serializer: URLSafeSerializer = URLSafeSerializer(
            secret, salt="inkloop.receipt", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def issue(self, digest: str, reading: Reading) -> str:
        """Return the receipt of a reading of the ink with that digest."""
        receipt = Receipt(
            ink=digest,
            result=reading.text,
            confidence=round(reading.confidence, 6),
            kind=reading.kind,
            version=reading.version,
            seconds=int(time.time()),
        )
        return str(self._serializer.dumps(list(receipt.model_dump().values())))

    def check(self, text: str, digest: str) -> Receipt:
        """Return what a receipt says about the ink with that digest.

        Raises:
            InkError: it was not issued here, or for other ink.
        """
        try:
            values = self._serializer.loads(text)
            receipt = Receipt(**dict(zip(Receipt.model_fields, values, strict=True)))
        except (BadData, ValidationError, TypeError, ValueError) as error:
            raise InkError(
                "This id was not issued here. Read the ink again, or omit id."
            ) from error
        if receipt.ink != digest:
            raise InkError("This id belongs to other ink. Read the ink again, or omit id.")
        return receipt
