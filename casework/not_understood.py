"""What is said when an answer could not be read: what happened, and how to mend it; other words the second time."""

from dataclasses import dataclass

from casework import birthdates
from casework.names import NameProblem
from casework.words import N_


@dataclass(frozen=True)
class NotUnderstood:
    """What to say, the first time and after that."""

    first: str
    again: str


NO_NAME = NotUnderstood(
    N_("There is no name in this yet. Please write it in letters, in any alphabet."),
    N_("Only the name, please. If you do not know all of it, write what the family says."),
)
NAME_TOO_LONG = NotUnderstood(
    N_("This is very long for a name. Please write only the name; there is room for the rest later."),
    N_("It is still too long to be kept as a name. Please write first name and family name."),
)
NAME_IS_A_LINK = NotUnderstood(
    N_("This looks like a link or a command, not like a name. Please write only the name."),
    N_("Only the name, please. If you do not know all of it, write what the family says."),
)
NAMES = {
    NameProblem.TOO_LONG: NAME_TOO_LONG,
    NameProblem.LOOKS_LIKE_LINK: NAME_IS_A_LINK,
    NameProblem.LOOKS_LIKE_COMMAND: NAME_IS_A_LINK,
}
NO_DATE = NotUnderstood(
    N_(
        "We could not read a date, a year or an age in this. For example: 2017, March 2017, 12.03.2017, 7 years."
    ),
    N_("It is still not clear to us. The year alone is enough, or press “I don't know”."),
)
DATES = {
    birthdates.Reason.FUTURE: NotUnderstood(
        N_("That day has not come yet. Please look at the year again."),
        N_("It is still in the future. The year alone is enough, or press “I don't know”."),
    ),
    birthdates.Reason.NO_SUCH_DAY: NotUnderstood(
        N_("There is no such day in the calendar. Please look at day and month again."),
        N_("That day does not exist either. Month and year are enough."),
    ),
    birthdates.Reason.NO_YEAR: NotUnderstood(
        N_("The year is missing. Please write it as well, as in: 12 March 2017."),
        N_("We still need the year. The year alone is enough, or press “I don't know”."),
    ),
    birthdates.Reason.AGE_THEN: NotUnderstood(
        N_("This tells an age at another time. How old is this person now? The year of birth is fine too."),
        N_("Please write the age today, or the year of birth. You can also press “I don't know”."),
    ),
    birthdates.Reason.TOO_OLD: NotUnderstood(
        N_("That is more than 120 years ago. Please look at the year again."),
        N_("It is still more than 120 years ago. The year alone is enough, or press “I don't know”."),
    ),
}
NO_WHEN = NotUnderstood(
    N_("We could not read a date in this. For example: 2024, March 2024, 12.03.2024."),
    N_("It is still not clear to us. The year alone is enough, or press “I don't know”."),
)
NOTHING_IN_IT = NotUnderstood(
    N_("There are no words in this. Please write it in words, or send a voice message."),
    N_("There are still no words in this. You can also skip this question."),
)
WORDS_TOO_LONG = NotUnderstood(
    N_("This is long for this question. Please write it shorter; there is room under “In your own words”."),
    N_("It is still too long to be kept here. Write the most important part, or send a voice message."),
)
NO_PHONE = NotUnderstood(
    N_(
        "This is not a whole telephone number. Please write it with the country code, such as +7 928 000-00-00."
    ),
    N_("It is still not a number that can be called. You can also skip this question."),
)
PRESS = NotUnderstood(
    N_("We could not match this. Please press the button that fits best."),
    N_("Please use the buttons under this message. “Other family” is fine if nothing fits."),
)
NO_COUNTRY = NotUnderstood(
    N_("We do not know a country by this name. Please write it in another way, or press a button."),
    N_("It is still not clear which country this is. You can press “I don't know”."),
)
