"""The questions beyond the essential path, as tables; casework/blocks.py puts them together.

Never asked, by the rules of the house: how contact is kept, money sent, telephones in a camp, the husband's
activity, ideology, religion, ethnicity, DNA results.
"""

from casework.questions import RELATIONS, About, Choice, Kind, Question
from casework.words import N_

_YES_NO = (
    Choice("yes", N_("Yes"), ("да", "نعم", "ӏа", "xӏаъ", "хӏаъ")),
    Choice("no", N_("No"), ("нет", "لا", "хӏан-хӏа")),
)
_SEXES = (
    Choice(
        "female", N_("A woman or a girl"), ("woman", "girl", "female", "женщина", "девочка", "امرأة", "بنت")
    ),
    Choice("male", N_("A man or a boy"), ("man", "boy", "male", "мужчина", "мальчик", "رجل", "ولد")),
)
_HEALTH = (
    Choice("no_need", N_("Nothing urgent that we know of")),
    Choice("regular", N_("Needs medicine or a doctor regularly")),
    Choice("urgent", N_("Needs help urgently")),
)
_PLACES = (
    Choice("prison", N_("A prison"), ("тюрьма", "سجن")),
    Choice("camp", N_("A camp"), ("лагерь", "مخيم")),
    Choice("orphanage", N_("A children's home"), ("orphanage", "детский дом", "приют", "دار أيتام")),
    Choice("hospital", N_("A hospital"), ("больница", "مستشفى")),
    Choice("family", N_("With family"), ("у родных", "у родственников", "مع العائلة")),
)
_SOURCES = (
    Choice("herself", N_("She told it herself")),
    Choice("relative", N_("A relative")),
    Choice("media", N_("News, a video or a list")),
    Choice("official", N_("An official")),
)
_SURE = (
    Choice("sure", N_("Sure")),
    Choice("likely", N_("Likely")),
    Choice("heard", N_("Only heard of it")),
)
_HOURS = (
    Choice("any", N_("At any time")),
    Choice("morning", N_("In the morning")),
    Choice("day", N_("During the day")),
    Choice("evening", N_("In the evening")),
    Choice("write", N_("Only write, do not call")),
)
_MOTHER = (
    Choice("detained", N_("She is detained")),
    Choice("trial", N_("She is on trial")),
    Choice("sentenced", N_("She has been sentenced")),
    Choice("released", N_("She has been released")),
    Choice("deceased", N_("She has died")),
)
_CONSENT = (
    Choice("signed", N_("She has signed")),
    Choice("not_signed", N_("She has not signed")),
)
_WILLING = (*_YES_NO, Choice("unsure", N_("Not sure yet")))

REQUESTER = (
    Question(
        About.REQUESTER,
        "region",
        Kind.TEXT,
        prompt=N_("Where do you live? A region or a town is enough."),
        label=N_("Where you live"),
        button=N_("Where you live"),
    ),
    Question(
        About.REQUESTER,
        "phone",
        Kind.PHONE,
        prompt=N_("On which telephone number may staff reach you?"),
        why=N_(
            "Only if you want to be called. Write the number with the country code, such as +7 928 000-00-00."
        ),
        label=N_("Telephone"),
        button=N_("Telephone"),
    ),
    Question(
        About.REQUESTER,
        "hours",
        Kind.CHOICE,
        prompt=N_("When is it safe for you to be contacted?"),
        label=N_("Safe time"),
        button=N_("Safe time"),
        choices=_HOURS,
    ),
)

PERSON = (
    Question(
        About.PERSON,
        "other_names",
        Kind.TEXT,
        prompt=N_("Does {name} have other names, or are there other ways to spell the name?"),
        why=N_("Lists arrive in Arabic and Latin letters, and spellings differ."),
        label=N_("Other names"),
        button=N_("Other names"),
    ),
    Question(
        About.PERSON,
        "sex",
        Kind.CHOICE,
        prompt=N_("Is {name} a woman or a man, a girl or a boy?"),
        label=N_("Woman or man"),
        button=N_("Woman or man"),
        choices=_SEXES,
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "birth_country",
        Kind.COUNTRY,
        prompt=N_("In which country was {name} born?"),
        why=N_("Press a button, or write the name of the country."),
        label=N_("Country of birth"),
        button=N_("Country of birth"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "citizenship",
        Kind.COUNTRY,
        prompt=N_("Of which country is {name} a citizen?"),
        why=N_("Press a button, or write the name of the country."),
        label=N_("Citizenship"),
        button=N_("Citizenship"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "mother_name",
        Kind.NAME,
        prompt=N_("What is the name of the mother of {name}?"),
        label=N_("Mother's name"),
        button=N_("Mother's name"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "father_name",
        Kind.NAME,
        prompt=N_("What is the name of the father of {name}?"),
        why=N_("Only the name. In many countries it stands on every list."),
        label=N_("Father's name"),
        button=N_("Father's name"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "marks",
        Kind.TEXT,
        prompt=N_("Is there something by which {name} can be recognised?"),
        why=N_("For example a scar or a birthmark."),
        label=N_("Marks"),
        button=N_("Marks"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "health",
        Kind.CHOICE,
        prompt=N_("Does {name} need medical help, as far as you know?"),
        why=N_("No details are needed here."),
        label=N_("Medical help"),
        button=N_("Medical help"),
        choices=_HEALTH,
        accepts_unknown=True,
        sensitive=True,
    ),
)

WHEREABOUTS = (
    Question(
        About.PERSON,
        "place_kind",
        Kind.CHOICE,
        prompt=N_("In what kind of place is {name}, as far as you know?"),
        label=N_("Kind of place"),
        button=N_("Kind of place"),
        choices=_PLACES,
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "place",
        Kind.PLACE,
        prompt=N_("Which place is it?"),
        why=N_("Press a button, or write the name as you know it."),
        label=N_("Place"),
        button=N_("Place"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "last_known",
        Kind.WHEN,
        prompt=N_("When was it last known that {name} was there?"),
        why=N_("A month or a year is enough."),
        label=N_("Last known"),
        button=N_("Last known"),
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "place_source",
        Kind.CHOICE,
        prompt=N_("Who says so?"),
        why=N_("Only what kind of source it is. We do not ask how you are in contact."),
        label=N_("Who says so"),
        button=N_("Who says so"),
        choices=_SOURCES,
        accepts_unknown=True,
    ),
    Question(
        About.PERSON,
        "place_sure",
        Kind.CHOICE,
        prompt=N_("How sure is it?"),
        label=N_("How sure"),
        button=N_("How sure"),
        choices=_SURE,
        accepts_unknown=True,
    ),
)

MOTHER = (
    Question(
        About.ENTRY,
        "status",
        Kind.CHOICE,
        prompt=N_("How do things stand for the mother?"),
        label=N_("The mother"),
        button=N_("The mother"),
        choices=_MOTHER,
        accepts_unknown=True,
        sensitive=True,
    ),
    Question(
        About.ENTRY,
        "consent",
        Kind.CHOICE,
        prompt=N_("Has the mother signed that the child may leave?"),
        why=N_("Most countries let a child go only with the mother's signature."),
        label=N_("Her signature"),
        button=N_("Her signature"),
        choices=_CONSENT,
        accepts_unknown=True,
        sensitive=True,
    ),
)

RELATIVE = (
    Question(
        About.ENTRY,
        "relation",
        Kind.CHOICE,
        prompt=N_("Who is this relative to the child or the woman?"),
        label=N_("Relation"),
        button=N_("Relation"),
        choices=RELATIONS[:-1],  # whoever acts for a family is no relative by blood
    ),
    Question(
        About.ENTRY,
        "region",
        Kind.TEXT,
        prompt=N_("Where does this relative live? A region or a town is enough."),
        label=N_("Lives in"),
        button=N_("Lives in"),
        accepts_unknown=True,
    ),
    Question(
        About.ENTRY,
        "willing",
        Kind.CHOICE,
        prompt=N_("Would this relative give a sample for a DNA test?"),
        label=N_("Willing"),
        button=N_("Willing"),
        choices=_WILLING,
    ),
    Question(
        About.ENTRY,
        "sample",
        Kind.CHOICE,
        prompt=N_("Has this relative given a sample already?"),
        why=N_("Only yes or no. The result belongs to the laboratory and to you."),
        label=N_("Sample given"),
        button=N_("Sample given"),
        choices=_YES_NO,
        accepts_unknown=True,
    ),
    Question(
        About.ENTRY,
        "sample_when",
        Kind.WHEN,
        prompt=N_("When was the sample given?"),
        why=N_("A month or a year is enough."),
        label=N_("Sample given when"),
        button=N_("Given when"),
        accepts_unknown=True,
        only_if=("sample", "yes"),
    ),
)

GUARDIAN = (
    Question(
        About.ENTRY,
        "name",
        Kind.NAME,
        prompt=N_("Who would take the child in? Write the name."),
        label=N_("Who"),
        button=N_("Who"),
    ),
    Question(
        About.ENTRY,
        "relation",
        Kind.CHOICE,
        prompt=N_("Who is this person to the child?"),
        label=N_("Relation"),
        button=N_("Relation"),
        choices=RELATIONS,
    ),
    Question(
        About.ENTRY,
        "agrees",
        Kind.CHOICE,
        prompt=N_("Does everybody in that home agree?"),
        label=N_("The home agrees"),
        button=N_("The home agrees"),
        choices=_WILLING,
    ),
)

SHARING = (
    Question(
        About.ENTRY,
        "authorities",
        Kind.CHOICE,
        prompt=N_("May staff show your request to the authorities who decide?"),
        label=N_("Authorities"),
        button=N_("Authorities"),
        choices=_YES_NO,
    ),
    Question(
        About.ENTRY,
        "red_cross",
        Kind.CHOICE,
        prompt=N_("May staff show it to the Red Cross and the Red Crescent?"),
        label=N_("Red Cross"),
        button=N_("Red Cross"),
        choices=_YES_NO,
    ),
    Question(
        About.ENTRY,
        "partners",
        Kind.CHOICE,
        prompt=N_("May staff show it to aid organisations they work with?"),
        label=N_("Aid organisations"),
        button=N_("Aid organisations"),
        choices=_YES_NO,
    ),
    Question(
        About.ENTRY,
        "relatives",
        Kind.CHOICE,
        prompt=N_("May other relatives who ask learn that you have asked too?"),
        label=N_("Other relatives"),
        button=N_("Other relatives"),
        choices=_YES_NO,
    ),
    Question(
        About.ENTRY,
        "withhold",
        Kind.TEXT,
        prompt=N_("Is there something that somebody must not learn?"),
        why=N_("Write what, and from whom it should be kept."),
        label=N_("Keep from others"),
        button=N_("Keep from others"),
        sensitive=True,
    ),
)

OWN_WORDS = (
    Question(
        About.ENTRY,
        "story",
        Kind.STORY,
        prompt=N_("Tell us what staff should know, in writing or by voice message."),
        why=N_("Please write nothing about how you keep in contact, money sent, or anybody's beliefs."),
        label=N_("Your words"),
        button=N_("Your words"),
        sensitive=True,
    ),
)
