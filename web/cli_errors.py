"""What the house can raise on purpose, as one sentence of the program (an import's problems as a table)."""

from __future__ import annotations

import click
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from mes.intake.problems import ImportRefused
from mes.refusals import Refused
from mes.schema import SchemaUnknown
from mes.unavailable import DatabaseUnavailable
from web.backup import BackupError
from web.cli_door import errors
from web.cli_import import show_problems
from web.demo.ground import StageError
from web.demo.hands import DemoFailed
from web.sole import ServedAlready


def told(error: Exception) -> bool:
    """Say on standard error what is wrong; False for what nobody foresaw."""
    if isinstance(error, ImportRefused):
        show_problems(errors, error)
        return True
    sentence = _sentence(error)
    if sentence:
        click.secho(f"runcard: {sentence}", err=True, bold=True)
    return sentence is not None


def _sentence(error: Exception) -> str | None:
    match error:
        case Refused():
            return "\n".join(reason.sentence("en") for reason in error.reasons)
        case OperationalError() | ProgrammingError():
            return f"The database does not answer: {str(error.orig).strip().splitlines()[0]}"
        case DatabaseError() if type(error) is DatabaseError:  # SQLite's word for a file that is no database
            return f"The database cannot be read: {error.orig}"
        case SchemaUnknown():
            return f"The database cannot be used: {error}"
        case ServedAlready() | BackupError() | StageError() | DemoFailed() | DatabaseUnavailable():
            return str(error)
    return None
