"""The family's conversation as aiogram's examples teach it: a states group, answers in the FSM's data.

The same questions in the same places, and the same that is left out, as in ptb_conversation.py. The state is set
before the answer is sent, so that somebody who answers at once is met in the new one.
"""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from aiogram import Bot, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.peers import TOKEN, words

Keep = Callable[[str, dict[str, Any]], Awaitable[None]]  # takes a finished record with its reference
family = Router()


class Asked(StatesGroup):
    language = State()
    menu = State()
    consent = State()
    own_name = State()
    relation = State()
    name = State()
    birth = State()
    country = State()
    more = State()
    review = State()


def make_bot(api_url: str) -> Bot:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    return Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


@family.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.clear()
    await state.set_state(Asked.language)
    await message.answer(words.CHOOSE_LANGUAGE, reply_markup=_markup(words.languages()))


@family.callback_query(Asked.language, F.data.startswith("language:"))
async def language(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(language=_choice(query))
    await state.set_state(Asked.menu)
    await _pressed(query, words.MENU, words.menu())


@family.callback_query(Asked.menu, F.data == "file")
async def file(query: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Asked.consent)
    await _pressed(query, words.CONSENT, words.consent())


@family.callback_query(Asked.consent, F.data == "yes")
async def agree(query: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Asked.own_name)
    await _pressed(query, words.OWN_NAME, words.ways_out())


@family.message(Asked.own_name, F.text)
async def own_name(message: Message, state: FSMContext) -> None:
    await state.update_data(name=message.text)
    await state.set_state(Asked.relation)
    text = words.RELATION.format(answer=escape(message.text or ""))
    await message.answer(text, reply_markup=_markup(words.relations()))


@family.callback_query(Asked.relation, F.data.startswith("choice:"))
async def relation(query: CallbackQuery, state: FSMContext) -> None:
    await state.update_data(relation=_choice(query), persons=[{}])
    await state.set_state(Asked.name)
    text = words.NAME.format(before=f"✓ You are their: {_choice(query)}")
    await _pressed(query, text, words.ways_out())


@family.message(Asked.name, F.text)
async def person_name(message: Message, state: FSMContext) -> None:
    await _add_to_person(state, name=message.text)
    await state.set_state(Asked.birth)
    text = words.BIRTH.format(answer=escape(message.text or ""))
    await message.answer(text, reply_markup=_markup(words.birth()))


@family.message(Asked.birth, F.text)
async def birth(message: Message, state: FSMContext) -> None:
    person = await _add_to_person(state, birth=message.text)
    await state.set_state(Asked.country)
    text = words.COUNTRY.format(answer=escape(message.text or ""), name=escape(person["name"]))
    await message.answer(text, reply_markup=_markup(words.countries()))


@family.callback_query(Asked.country, F.data.startswith("choice:"))
async def country(query: CallbackQuery, state: FSMContext) -> None:
    await _add_to_person(state, country=_choice(query))
    await state.set_state(Asked.more)
    await _pressed(query, words.MORE.format(answer=words.COUNTRIES[_choice(query)]), words.more())


@family.callback_query(Asked.more, F.data == "add")
async def add(query: CallbackQuery, state: FSMContext) -> None:
    persons = [*(await state.get_data())["persons"], {}]
    await state.update_data(persons=persons)
    await state.set_state(Asked.name)
    await _pressed(query, words.NAME.format(before=f"Person {len(persons)}"), words.ways_out())


@family.callback_query(Asked.more, F.data == "check")
async def check(query: CallbackQuery, state: FSMContext) -> None:
    answers = await state.get_data()
    await state.set_state(Asked.review)
    lines = words.answers(answers)
    await _pressed(query, words.REVIEW.format(answers=lines), words.review(len(answers["persons"])))


@family.callback_query(Asked.review, F.data == "send")
async def send(query: CallbackQuery, state: FSMContext, keep: Keep) -> None:
    letters = secrets.token_hex(12).upper()
    reference, receipt = f"HW-{letters[:4]}-{letters[4:8]}", letters[8:]
    await keep(reference, {**await state.get_data(), "receipt": receipt})
    await state.clear()
    await _pressed(query, words.CLOSED.format(day=datetime.now(UTC).date()), None)
    text = words.CONFIRMATION.format(reference=reference, receipt=receipt)
    await _message(query).answer(text, reply_markup=_markup(words.afterwards()))


async def _add_to_person(state: FSMContext, **answers: str | None) -> dict[str, Any]:
    """Add to what is known of the last person, and return it."""
    persons: list[dict[str, Any]] = (await state.get_data())["persons"]
    person = persons[-1] | answers
    await state.update_data(persons=[*persons[:-1], person])
    return person


async def _pressed(query: CallbackQuery, text: str, keyboard: words.Keyboard | None) -> None:
    """Answer a press and change its message in place."""
    await query.answer()
    await _message(query).edit_text(text, reply_markup=_markup(keyboard))


def _message(query: CallbackQuery) -> Message:
    assert isinstance(query.message, Message)
    return query.message


def _choice(query: CallbackQuery) -> str:
    return (query.data or "").partition(":")[2]


def _markup(keyboard: words.Keyboard | None) -> InlineKeyboardMarkup | None:
    if keyboard is None:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in keyboard
        ]
    )
