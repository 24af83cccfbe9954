"""The way that the tour shows: filing, making the request stronger, and everything beside it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.phone import Phone

_VOLUNTARY = "All of this is voluntary. Every answer is kept at once, and you can go on another day."
_MENU = "What would you like to do?"
Keep = Callable[[str, str], None]


@dataclass(frozen=True)
class Story:
    """What this person types; made up."""

    language: str  # as its button in the picker says
    own_name: str
    woman: str
    birth: str
    child: str
    country: str
    other_names: str
    last_known: str
    region: str
    own_words: str
    message: str


STORIES = {
    "ru": Story(
        "Русский",
        "Хадижат",
        "Марьям Исаева",
        "12 марта 1991",
        "Амина Исаева",
        "Сирия",
        "Maryam Isaeva",
        "март 2024",
        "Хасавюрт",
        "Она всегда спрашивает про школу.",
        "Мы переехали. Как сообщить новый адрес?",
    ),
    "ar": Story(
        "العربية",
        "أم مريم",
        "مريم العلي",
        "١٢ مارس ١٩٩١",
        "أمينة العلي",
        "سوريا",
        "Maryam Al-Ali",
        "مارس 2024",
        "حلب",
        "هي تسأل دائمًا عن المدرسة.",
        "انتقلنا إلى بيت آخر. كيف نخبركم بالعنوان الجديد؟",
    ),
    "ce": Story(
        "Нохчийн",
        "Марха",
        "Хьава Исаева",
        "12 март 1991",
        "Амина Исаева",
        "Шема",
        "Hava Isaeva",
        "март 2024",
        "Хасавюрт",
        "Цо даима а ишколах лаьцна хоьтту.",
        "Тхо кхечу меттехь Iаш ду.",
    ),
}


def whole_way(phone: Phone, story: Story, keep: Keep) -> None:
    _beginning(phone, story, keep)
    _reading(phone, keep)
    _filing(phone, story, keep)
    _before_sending(phone, story, keep)
    _sending(phone, keep)
    _stronger(phone, story, keep)
    _more_blocks(phone, story, keep)
    _papers(phone, story, keep)
    _beside(phone, story, keep)
    _own_data(phone, keep)


def in_part(phone: Phone, story: Story, keep: Keep) -> None:
    """Show what differs where the rest falls back to another language."""
    _beginning(phone, story, keep)
    phone.press("File a request")
    phone.sees("Before we begin: your agreement")
    keep("agreement", "The agreement before the first question.")
    phone.press("I agree")
    phone.sees("What should we call you?")
    phone.say(story.own_name)
    phone.sees("Who are you to the people you are asking about?")
    keep("relation", "One question at a time; choices are buttons.")
    phone.press("Grandmother")
    phone.say(story.woman)
    phone.sees("When was {name} born?")
    phone.say(story.birth)
    phone.sees("In which country is {name} now, as far as you know?")
    phone.say(story.country)
    phone.sees("Do you want to ask about somebody else as well?")
    phone.press("No, check my answers")
    phone.sees("Nothing has been sent yet.")
    keep("check", "Every answer on one page; nothing has been sent yet.")


def _beginning(phone: Phone, story: Story, keep: Keep) -> None:
    phone.start()
    phone.sees("Choose your language")
    keep("language", "The first thing is the language.")
    phone.press(story.language)
    phone.sees(_MENU)
    keep("welcome", "What this is, what it cannot do, and the menu.")


def _reading(phone: Phone, keep: Keep) -> None:
    phone.press("How it works")
    phone.sees("More about it:")
    keep("how-it-works", "How it works, in short, and a page for each question people ask.")
    phone.press("Papers, and how to get them")
    phone.gone("More about it:")
    keep("page", "A page to read; it leads on, back, and to a person.")
    phone.press("Menu")
    phone.sees(_MENU)


def _filing(phone: Phone, story: Story, keep: Keep) -> None:
    phone.press("File a request")
    phone.sees("Before we begin: your agreement")
    keep("agreement", "The agreement before the first question.")
    phone.press("I agree")
    phone.sees("What should we call you?")
    keep("first-question", "One question at a time.")
    phone.say(story.own_name)
    phone.sees("Who are you to the people you are asking about?")
    keep("relation", "Choices are buttons; they can be typed too.")
    phone.press("Grandmother")
    phone.sees("What is the full name of the person you are asking about?")
    phone.say(story.woman)
    phone.sees("When was {name} born?")
    keep("born", "A date, a year or an age, in any way of writing.")
    phone.say(story.birth)
    phone.sees("In which country is {name} now, as far as you know?")
    phone.say(story.country)
    phone.sees("Do you want to ask about somebody else as well?")
    keep("understood", "What was understood is said back, and somebody else can be added.")
    phone.press("Add another person")
    phone.sees("What is the full name of the person you are asking about?")
    phone.say(story.child)
    phone.sees("When was {name} born?")
    phone.say_aloud()
    phone.sees("✓ Your voice message is stored safely.")
    keep("voice", "An answer by voice message is an answer too; “stored” is said when it is.")
    phone.press("I don't know")
    phone.sees("Do you want to ask about somebody else as well?")
    keep("voice-then", "The questions go on.")
    phone.press("No, check my answers")
    phone.sees("Nothing has been sent yet.")
    keep("check", "Every answer on one page, each with its button; nothing has been sent yet.")


def _before_sending(phone: Phone, story: Story, keep: Keep) -> None:
    phone.press("Tell more before sending")
    phone.sees(_VOLUNTARY)
    keep("more-before", "Who wants can tell more before sending.")
    phone.press_with("About you")
    phone.sees("Where you live")
    phone.press("Go on with the open questions")
    phone.sees("Where do you live? A region or a town is enough.")
    keep("about-you", "Every question of such a block can be skipped.")
    phone.say(story.region)
    phone.sees("On which telephone number may staff reach you?")
    phone.press("Skip")
    phone.sees("When is it safe for you to be contacted?")
    keep("safe-time", "When it is safe to be contacted.")
    phone.press("In the evening")
    phone.sees(_VOLUNTARY)
    phone.press("← Back")
    phone.sees("Check your answers")


def _sending(phone: Phone, keep: Keep) -> None:
    phone.press("Send my request")
    phone.sees("A picture to keep. It shows the reference and nothing about anybody.")
    keep("sent", "Sent: reference, receipt code, what happens next, and a picture to keep.")


def _stronger(phone: Phone, story: Story, keep: Keep) -> None:
    phone.press("Make the request stronger")
    phone.sees(_VOLUNTARY)
    keep("stronger", "What makes the request stronger, with how far each part is.")
    phone.press_with("Where they may be")
    phone.sees("About whom?")
    keep("whom", "About whom.")
    phone.press_with(story.woman)
    phone.sees("In what kind of place is {name}, as far as you know?")
    keep("kind-of-place", "Where she may be, question by question.")
    phone.press("A camp")
    phone.sees("Which place is it?")
    keep("place", "Places that staff know are buttons; any other can be written.")
    phone.press("Roj camp")
    phone.sees("When was it last known that {name} was there?")
    phone.say(story.last_known)
    phone.sees("Who says so?")
    phone.press("A relative")
    phone.sees("How sure is it?")
    phone.press("Likely")
    phone.sees("About whom?")
    phone.press_with(story.woman)
    phone.sees("Roj camp")
    keep("answers", "What was said so far; each answer can be changed.")
    phone.press("← Back")
    phone.sees("About whom?")
    phone.press("← Back")
    phone.sees(_VOLUNTARY)


def _more_blocks(phone: Phone, story: Story, keep: Keep) -> None:
    phone.press_with("Relatives for a DNA test")
    phone.gone(_VOLUNTARY)
    keep("relatives", "Relatives who could give a sample; a result is never asked for.")
    phone.press("Add a relative")
    phone.sees("Who is this relative to the child or the woman?")
    keep("relative", "Who the relative is.")
    phone.press("Aunt")
    phone.sees("Where does this relative live? A region or a town is enough.")
    phone.say(story.region)
    phone.sees("Would this relative give a sample for a DNA test?")
    phone.press("Yes")
    phone.sees("Has this relative given a sample already?")
    keep("sample", "Only whether, never the result.")
    phone.press("No")
    phone.gone("Has this relative given a sample already?")
    phone.press("← Back")
    phone.sees(_VOLUNTARY)
    phone.press_with("In your own words")
    phone.sees("Tell us what staff should know, in writing or by voice message.")
    phone.say(story.own_words)
    phone.sees("Kept. You can add more, in writing or by voice, or press “That is all”.")
    keep("own-words", "In one's own words, in pieces if need be.")
    phone.press("That is all")
    phone.sees(_VOLUNTARY)


def _papers(phone: Phone, story: Story, keep: Keep) -> None:
    phone.press_with("Papers")
    phone.sees("Whose papers?")
    phone.press_with(story.child)
    phone.sees("Press a paper to send it, or to say whether you have it.")
    keep("papers", "The papers that help most, for each person.")
    phone.press_with("Birth certificate")
    phone.sees("You can also tell us about it in a voice message.")
    keep("paper", "What a paper is good for; it is sent as a photo or a PDF file.")
    phone.send_a_paper()
    phone.sees("It is still in this chat too. You can delete it here; the office keeps its own.")
    keep("stored", "“Received” is said when it is safely stored, with an offer to take it out of the chat.")
    phone.press("Delete it from this chat")
    phone.sees("✓ Stored safely, and deleted from this chat.")
    keep("deleted", "The photo is gone from the chat; the office has its own.")
    phone.press("← Back")
    phone.sees("Press a paper to send it, or to say whether you have it.")
    phone.press("← Back")
    phone.sees("Whose papers?")
    phone.press("← Back")
    phone.sees(_VOLUNTARY)
    keep("stronger-now", "The list afterwards.")


def _beside(phone: Phone, story: Story, keep: Keep) -> None:
    phone.press("← Back")
    phone.sees("What has happened")
    keep("card", "The card: where each person's request stands, and what comes next.")
    phone.press("Talk to a person")
    phone.sees("Write to the office")
    keep("talk", "To a person, from everywhere.")
    phone.say(story.message)
    phone.sees("Your message is kept for staff. The answer will come in this chat; it can take several days.")
    keep("talk-kept", "What was written is kept, and the waiting time is honest.")
    phone.press("← Back")
    phone.sees("What has happened")
    phone.press("← Back")
    phone.sees(_MENU)
    keep("menu", "The menu as it is on every other day.")
    phone.press("Settings, language")
    phone.sees("In quiet hours we send nothing that can wait.")
    keep("settings", "Settings: what is set, and what changes it.")
    phone.press("Quiet hours")
    phone.gone("In quiet hours we send nothing that can wait.")
    keep("quiet-hours", "Hours in which nothing comes that can wait.")
    phone.press("← Back")
    phone.sees("In quiet hours we send nothing that can wait.")
    phone.press("← Back")
    phone.sees(_MENU)
    phone.press("My requests")
    phone.sees("What has happened")
    phone.press("Withdraw this request")
    phone.sees("What do you want to withdraw?")
    keep("withdraw", "A request, or one person of it, can be withdrawn.")
    phone.press("The whole request")
    phone.sees("Do you want to withdraw this request?")
    keep("withdraw-sure", "It asks first, and says what happens then.")
    phone.press("No, leave it as it is")
    phone.sees("What has happened")


def _own_data(phone: Phone, keep: Keep) -> None:
    phone.press("← Back")
    phone.sees(_MENU)
    phone.press("Privacy")
    phone.sees("What happens to what you write")
    keep("privacy", "What happens to what is written, and what can be done about it.")
    phone.press("My data")
    phone.sees("Yes, send it to me here")
    keep("my-data", "Everything that is held can be had, as a page to read and a file for machines.")
    phone.press("← Back")
    phone.sees(_MENU)
    phone.press("Privacy")
    phone.press("Delete me")
    phone.sees("Do you want to delete everything about you?")
    keep("delete", "Before deleting it says what goes and what stays.")
    phone.press("Delete me, keep my requests")
    phone.sees("Everything about you is deleted. Your requests stay with the office.")
    keep("deleted-me", "The account is gone; the request stays with the office, as was chosen.")
