"""The family's conversation as python-telegram-bot's examples teach it: numbered states, answers in `user_data`.

It asks the same questions in the same places as Homeward, edits in place after a press, and keeps the finished
record in `bot_data`. It does less than Homeward: no checks of what is written, no languages, no encryption, no
old keyboards taken off, no picture.
"""

import secrets
from datetime import UTC, datetime
from html import escape
from typing import Any

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.ext import (
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from bench.peers import words

LANGUAGE, MENU, CONSENT, OWN_NAME, RELATION, NAME, BIRTH, COUNTRY, MORE, REVIEW = range(10)
Context = ContextTypes.DEFAULT_TYPE
Answers = dict[str, Any]


async def start(update: Update, context: Context) -> int:
    _answers(context).clear()
    await _message(update).reply_html(words.CHOOSE_LANGUAGE, reply_markup=_markup(words.languages()))
    return LANGUAGE


async def language(update: Update, context: Context) -> int:
    _answers(context)["language"] = await _pressed(update, words.MENU, words.menu())
    return MENU


async def file(update: Update, _context: Context) -> int:
    await _pressed(update, words.CONSENT, words.consent())
    return CONSENT


async def agree(update: Update, _context: Context) -> int:
    await _pressed(update, words.OWN_NAME, words.ways_out())
    return OWN_NAME


async def own_name(update: Update, context: Context) -> int:
    _answers(context)["name"] = name = _message(update).text or ""
    text = words.RELATION.format(answer=escape(name))
    await _message(update).reply_html(text, reply_markup=_markup(words.relations()))
    return RELATION


async def relation(update: Update, context: Context) -> int:
    answers = _answers(context)
    answers["persons"] = [{}]
    answers["relation"] = code = _choice(update)
    text = words.NAME.format(before=f"✓ You are their: {code}")
    await _pressed(update, text, words.ways_out())
    return NAME


async def person_name(update: Update, context: Context) -> int:
    _person(context)["name"] = name = _message(update).text or ""
    text = words.BIRTH.format(answer=escape(name))
    await _message(update).reply_html(text, reply_markup=_markup(words.birth()))
    return BIRTH


async def birth(update: Update, context: Context) -> int:
    person = _person(context)
    person["birth"] = said = _message(update).text or ""
    text = words.COUNTRY.format(answer=escape(said), name=escape(person["name"]))
    await _message(update).reply_html(text, reply_markup=_markup(words.countries()))
    return COUNTRY


async def country(update: Update, context: Context) -> int:
    _person(context)["country"] = code = _choice(update)
    await _pressed(update, words.MORE.format(answer=words.COUNTRIES[code]), words.more())
    return MORE


async def add(update: Update, context: Context) -> int:
    persons = _answers(context)["persons"]
    persons.append({})
    await _pressed(update, words.NAME.format(before=f"Person {len(persons)}"), words.ways_out())
    return NAME


async def check(update: Update, context: Context) -> int:
    given = _answers(context)
    text = words.REVIEW.format(answers=words.answers(given))
    await _pressed(update, text, words.review(len(given["persons"])))
    return REVIEW


async def send(update: Update, context: Context) -> int:
    letters = secrets.token_hex(12).upper()
    reference, receipt = f"HW-{letters[:4]}-{letters[4:8]}", letters[8:]
    context.bot_data.setdefault("requests", {})[reference] = {**_answers(context), "receipt": receipt}
    _answers(context).clear()
    await _pressed(update, words.CLOSED.format(day=datetime.now(UTC).date()), None)
    text = words.CONFIRMATION.format(reference=reference, receipt=receipt)
    assert update.effective_chat is not None
    await update.effective_chat.send_message(
        text, parse_mode=ParseMode.HTML, reply_markup=_markup(words.afterwards())
    )
    return ConversationHandler.END


def handler(*, persistent: bool) -> ConversationHandler[Context]:
    """Return the whole conversation; with `persistent` its states go through the application's persistence."""
    written = filters.TEXT & ~filters.COMMAND
    return ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            LANGUAGE: [CallbackQueryHandler(language, "^language:")],
            MENU: [CallbackQueryHandler(file, "^file$")],
            CONSENT: [CallbackQueryHandler(agree, "^yes$")],
            OWN_NAME: [MessageHandler(written, own_name)],
            RELATION: [CallbackQueryHandler(relation, "^choice:")],
            NAME: [MessageHandler(written, person_name)],
            BIRTH: [MessageHandler(written, birth)],
            COUNTRY: [CallbackQueryHandler(country, "^choice:")],
            MORE: [CallbackQueryHandler(add, "^add$"), CallbackQueryHandler(check, "^check$")],
            REVIEW: [CallbackQueryHandler(send, "^send$")],
        },
        fallbacks=[CommandHandler("start", start)],
        name="request",
        persistent=persistent,
    )


async def _pressed(update: Update, text: str, keyboard: words.Keyboard | None) -> str:
    """Answer a press and change its message in place; return what the button said."""
    query = _query(update)
    await query.answer()
    await query.edit_message_text(text, parse_mode=ParseMode.HTML, reply_markup=_markup(keyboard))
    return query.data or ""


def _markup(keyboard: words.Keyboard | None) -> InlineKeyboardMarkup | None:
    if keyboard is None:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in keyboard]
    )


def _query(update: Update) -> CallbackQuery:
    assert update.callback_query is not None
    return update.callback_query


def _message(update: Update) -> Message:
    assert update.message is not None
    return update.message


def _answers(context: Context) -> Answers:
    assert context.user_data is not None
    return context.user_data


def _person(context: Context) -> Answers:
    person: Answers = _answers(context)["persons"][-1]
    return person


def _choice(update: Update) -> str:
    return (_query(update).data or "").partition(":")[2]
