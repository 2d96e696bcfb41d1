"""How an argument of a command is given: each kind says what is wrong with a value, its schema, and how it reads.

Values are JSON values, as they stand in the journal. Whether a code names anything is the door's question, whether a
quantity is possible the department's.
"""

from mes.given.choices import SEVERAL, Choice, Flag, Several
from mes.given.kind import LONGEST_CODE, Given
from mes.given.numbers import Amount, Day, Month, Whole
from mes.given.texts import Code, NewCode, Reason, Text
from mes.given.things import Beside, Rows, Thing

__all__ = [
    "LONGEST_CODE",
    "SEVERAL",
    "Amount",
    "Beside",
    "Choice",
    "Code",
    "Day",
    "Flag",
    "Given",
    "Month",
    "NewCode",
    "Reason",
    "Rows",
    "Several",
    "Text",
    "Thing",
    "Whole",
]
