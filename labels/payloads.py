"""What a code on a label may say: only what a terminal of the plant would read back as a code of ours.

The texts come from facts and from `mes.codes`; nothing here looks anything up.
"""

from labels.errors import BadPayload
from mes.codes import Code, CodeError, encode, parse

_SITED = ("1J", "2J")  # label and carton serials begin with the number of the plant that issued them


def checked(text: str) -> str:
    """The text itself. Raises BadPayload if it is unknown, mistyped, too long or would be read as something else."""
    site = text[2:4] if text[:2] in _SITED and text[2:4].isdigit() else "1"
    try:
        same = encode(parse(text, site=int(site)))
    except CodeError as error:
        raise BadPayload(text, error.reason) from error
    if same != text:
        raise BadPayload(text, f"a terminal would read it as {same!a}")
    return text


def written(code: Code) -> str:
    """The text of a code. Raises BadPayload if nobody could read it back."""
    try:
        return encode(code)
    except CodeError as error:
        raise BadPayload(code.text, error.reason) from error
