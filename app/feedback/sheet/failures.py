"""What a failure on the way to Google means: what is known of the spreadsheet after it."""

from typing import Any

from requests import ConnectionError as LostConnection
from requests import ConnectTimeout, JSONDecodeError, RequestException, Response
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.errors import SheetBusy, SheetError, SheetMisconfigured, SheetRefused, SheetUnclear

QUOTAS = frozenset({"RESOURCE_EXHAUSTED", "rateLimitExceeded", "userRateLimitExceeded"})
TOO_MANY_CELLS = "number of cells in the workbook"


def of_answer(response: Response, who: str) -> SheetError:
    """Return what an answer that is no success means; who is the service account."""
    status, said = response.status_code, _said(response)
    message = str(said.get("message", response.reason))
    if status == 429 or said.get("status") in QUOTAS or said.get("reason") in QUOTAS:
        return SheetBusy(f"Google asks to wait: {message}")
    if status == 400 and TOO_MANY_CELLS in message:
        return SheetMisconfigured(
            "The spreadsheet is full: ten million cells. Make another one, share it with "
            f"{who} and set SHEET_KEY."
        )
    if status == 400:
        return SheetRefused(message)
    if status in (401, 403, 404):
        return SheetMisconfigured(
            f"Google answers {status}: {message.rstrip('.')}. Is the spreadsheet there, is it "
            f"shared with {who} as an editor, and is the Sheets API on in the account's project?"
        )
    return SheetUnclear(f"Google answers {status}: {message}", is_late=status == 408)


def of_connection(error: RequestException) -> SheetError:
    """Return what a failure on the way means: it depends on whether anything was sent."""
    if isinstance(error, ConnectTimeout) or _never_connected(error):
        return SheetBusy("Google cannot be reached.")
    if isinstance(error, JSONDecodeError):
        return SheetUnclear("Google's answer is no JSON.")
    # what was sent may be carried out minutes later
    return SheetUnclear(f"Google's answer did not come: {type(error).__name__}", is_late=True)


def _never_connected(error: RequestException) -> bool:
    cause = error.args[0] if isinstance(error, LostConnection) and error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _said(response: Response) -> dict[str, Any]:
    """Return Google's own words of an error, where there are any."""
    try:
        error = response.json()["error"]
        details = error.get("details") or error.get("errors") or [{}]
        return {"reason": details[0].get("reason"), **error}
    except (JSONDecodeError, LookupError, TypeError, AttributeError):
        return {}
