"""Telephone numbers as people write them: spaces, brackets, any digits, with or without the country code."""

import unicodedata

import phonenumbers

_LONGEST = 40
_HOME = "RU"  # where most families write from; a number of another country needs its code


def read_phone(text: str) -> str | None:
    """Return the number in its international form (E.164); None where it surely is none.

    A number without a country code counts as Russian only where Russia has such a number.
    """
    if len(text) > _LONGEST:
        return None
    digits = "".join(_plain(sign) for sign in text)
    for country in (None, _HOME):
        try:
            number = phonenumbers.parse(digits, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def phone_in_words(number: str) -> str:
    """Return a stored number as people read it."""
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _plain(sign: str) -> str:
    """Turn any script's digit into ours, and drop the invisible signs that come with a copied number."""
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.digit(sign))
    return "" if unicodedata.category(sign) in {"Cf", "Cc"} else sign
