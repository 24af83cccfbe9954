"""References and receipt codes.

A reference names a request in talk and on paper; alone it opens nothing. A receipt code belongs to one
reference and, together with it, reaches the request
from a new phone. Both avoid letters and digits that are mistaken for each other (Crockford's base 32: no I,
L, O, U).
"""

from db.randomness import random_letters

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_PREFIX = "HW"
_GROUP = 4
_REFERENCE_LETTERS = 7  # 35 random bits, then the check letter
_RECEIPT_LETTERS = (
    16  # 80 random bits: no search through them is worth starting, so a keyed hash is enough to store
)
_FIELD = 0b100101  # x^5 + x^2 + 1: the 32 letters as a field, in which multiplying by x tells places apart


def new_reference() -> str:
    """Return a fresh reference such as `HW-7K3M-9QF2`; its last letter checks the others."""
    body = random_letters(ALPHABET, _REFERENCE_LETTERS)
    return _grouped(_PREFIX, body + _check(body))


def new_receipt_code() -> str:
    """Return a fresh receipt code such as `4F7Q-…`, 80 random bits."""
    return _grouped("", random_letters(ALPHABET, _RECEIPT_LETTERS))


def read_reference(text: str) -> str | None:
    """Return the reference somebody typed in its usual form; None if it is none, or its check letter is
    wrong.
    """
    letters = _letters(text)
    letters = letters.removeprefix(_PREFIX)
    letters = letters.translate(_MISREAD)
    if len(letters) != _REFERENCE_LETTERS + 1 or not set(letters) <= set(ALPHABET):
        return None
    return _grouped(_PREFIX, letters) if _check(letters[:-1]) == letters[-1] else None


def read_receipt_code(text: str) -> str | None:
    """Return the receipt code somebody typed in its usual form; None if it cannot be one."""
    letters = _letters(text).translate(_MISREAD)
    if len(letters) != _RECEIPT_LETTERS or not set(letters) <= set(ALPHABET):
        return None
    return _grouped("", letters)


def near(text: str) -> list[str]:
    """Return the references that somebody may have meant: one letter wrong, or two neighbours swapped.

    The check letter leaves one in 32 of all that could be; those that exist are for the caller to find.
    """
    letters = _letters(text).removeprefix(_PREFIX).translate(_MISREAD)
    if len(letters) != _REFERENCE_LETTERS + 1:
        return []
    changed = [
        letters[:place] + other + letters[place + 1 :] for place in range(len(letters)) for other in ALPHABET
    ]
    swapped = [
        letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]
        for place in range(len(letters) - 1)
    ]
    read = (read_reference(each) for each in (*swapped, *changed))
    return list(dict.fromkeys(each for each in read if each is not None))


def _check(body: str) -> str:
    """Return the letter that catches every single wrong letter and every swap of two letters."""
    total = 0
    for letter in body:
        total = _times_x(total ^ ALPHABET.index(letter))
    return ALPHABET[total]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled >= len(ALPHABET) else doubled


def _letters(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _grouped(prefix: str, letters: str) -> str:
    groups = [letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP)]
    return "-".join([prefix, *groups] if prefix else groups)
