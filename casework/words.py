"""Marks for sentences that people see: written here in English, looked up in locales/ when they are shown."""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence for the catalogues without translating it yet."""
    return sentence
