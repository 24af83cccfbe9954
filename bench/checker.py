"""Holds what families were told against what the service has kept, when everything has come to rest."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from bench.relatives import Filing, Relative
from bench.telephones import Json, Moment
from bot.config import read_config
from bot.outgoing import State
from casework.requests import cards_of
from db.engine import make_engine
from db.keys import read_key_file
from db.models import Access, Account, Consent, Event, Outbox, Person, Request, SeenUpdate, SetAside
from db.sealed import KeyRing, Place

_NEAR = 3  # a repeat stands within this many messages of what it repeats
_ADDRESSES = select(Account.id, Account.data_key, Account.address)
_RECENT = 3  # a person's last inputs, in which a needless press explains a screen shown anew


@dataclass
class Findings:
    """What was found; every list holds one line for each violation."""

    requests: int = 0
    confirmed: int = 0
    repeats: int = 0
    most_repeats: int = 0
    order_looked_at: int = 0
    outbox: Counter[str] = field(default_factory=Counter)
    violations: dict[str, list[str]] = field(
        default_factory=lambda: {
            kind: []
            for kind in (
                "lost",
                "doubled",
                "false",
                "disordered",
                "unasked",
                "stuck",
                "repeated",
                "unsettled",
            )
        }
    )

    def say(self, kind: str, line: str) -> None:
        self.violations[kind].append(line)

    @property
    def clean(self) -> bool:
        return not any(self.violations.values())


def check(
    config: Path,
    relatives: Sequence[Relative],
    record: Json,
    starts: Sequence[float],
    doubts: int = 0,
    late: float = 0.0,
) -> Findings:
    """Compare.

    Args:
        record: the simulator's `GET /control/record`, taken after the last reaction.
        starts: when each bot process was started; every start but the first followed a kill.
        doubts: answers of Telegram that were lost after its work was done; each may show one message twice.
        late: seconds after which others take over from one that was killed.
    """
    settings, findings = read_config(config), Findings()
    keys = read_key_file(settings.security.key_file)
    engine = make_engine(settings.database.url)
    with engine.begin() as connection:
        for relative in relatives:
            _check_requests(connection, keys, relative, findings)
        _check_inputs(connection, record, findings)
        _check_outbox(connection, findings)
        _check_sent(connection, keys, record, findings)
        _check_once(connection, findings)
    engine.dispose()
    for relative in relatives:
        _check_reactions(relative, findings)
        counted = by_process(relative.telephone.history, starts, late)
        doubts -= _check_repeats(relative, counted, findings, doubts)
    return findings


def _check_requests(connection: Connection, keys: KeyRing, relative: Relative, findings: Findings) -> None:
    """Every request that was sent is there once, with every answer as it was given."""
    who = relative.telephone.id
    telegram_key = keys.lookup("telegram", who)
    account = connection.scalar(select(Account.id).where(Account.telegram_key == telegram_key))
    cards = cards_of(connection, keys, account) if account is not None else []
    kept = {card.reference: card.request_id for card in cards}
    findings.requests += len(cards)
    told = {filing.reference for filing in relative.filed}
    for reference in kept.keys() - told:
        findings.say("doubled", f"{who}: {reference} was never confirmed to the family")
    for filing in relative.filed:
        if filing.reference not in kept:
            findings.say("lost", f"{who}: {filing.reference} is not in the database")
            continue
        answers = _answers(connection, keys, kept[filing.reference])
        _compare(f"{who}: {filing.reference}", filing, answers, findings)


def _answers(connection: Connection, keys: KeyRing, request_id: int) -> dict[str, Any]:
    """Return a request's answers by place, from the sealed columns."""
    request = connection.execute(select(Request.data_key, Request.details).filter_by(id=request_id)).one()
    key = keys.data_key(request.data_key, Place("request", "data_key", request_id))
    requester = key.open(request.details, Place("request", "details", request_id))["requester"]
    answers = {f"requester.0.{name}": value for name, value in requester.items()}
    persons = select(Person.id, Person.position, Person.details).filter_by(request_id=request_id)
    for person in connection.execute(persons):
        details = key.open(person.details, Place("person", "details", person.id))
        answers |= {f"person.{person.position - 1}.{name}": value for name, value in details.items()}
    return answers


def _compare(which: str, filing: Filing, kept: dict[str, Any], findings: Findings) -> None:
    for place in sorted(filing.answers.keys() | kept.keys()):
        given, stored = filing.answers.get(place), kept.get(place)
        if given != stored:
            findings.say("lost", f"{which} {place}: {given!r} was given, {stored!r} is stored")
        if place not in filing.asked | filing.known:
            findings.say("unasked", f"{which} {place}")


def _check_inputs(connection: Connection, record: Json, findings: Findings) -> None:
    """Every input was confirmed to Telegram, and every confirmed one had its effect."""
    seen = set(connection.scalars(select(SeenUpdate.update_id)))
    for each in record["inputs"]:
        findings.confirmed += each["confirmed"]
        if not each["confirmed"]:
            findings.say("unsettled", f"{each['person']}: update {each['update_id']} waits at Telegram")
        elif each["update_id"] not in seen:
            findings.say("lost", f"{each['person']}: update {each['update_id']} was confirmed without effect")


def _check_outbox(connection: Connection, findings: Findings) -> None:
    """Everything that was to be said is said: nobody blocked the bot, and Telegram refused nothing."""
    states = select(Outbox.state, func.count().label("number")).group_by(Outbox.state)
    findings.outbox = Counter({row.state: row.number for row in connection.execute(states)})
    for state, number in findings.outbox.items():
        if state not in {State.SENT, State.UNCERTAIN}:
            findings.say("unsettled", f"{number} outgoing messages are {state}")


def _check_sent(connection: Connection, keys: KeyRing, record: Json, findings: Findings) -> None:
    """What counts as sent was shown: for each row the message stands in its chat, once more for each edit."""
    shown = Counter((each["chat"]["id"], each["message_id"]) for each in record["messages"])
    chats = {row.id: _chat_of(keys, row) for row in connection.execute(_ADDRESSES)}
    rows = select(Outbox.account_id, Outbox.message_id).where(Outbox.state == State.SENT).order_by(Outbox.id)
    told = [(chats[row.account_id], row.message_id or 0) for row in connection.execute(rows)]
    said = Counter(told)
    for (chat, message_id), number in said.items():
        if shown[chat, message_id] < number:
            findings.say("false", f"{chat}: message {message_id} counts as sent and was not shown")
    _check_order(told, _arrivals_of(record), findings)


def _arrivals_of(record: Json) -> dict[tuple[int, int], list[int]]:
    """Tell when each message got each of its texts, by places in the record; a keyboard taken off changes none."""
    last: dict[tuple[int, int], str] = {}
    arrivals: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for place, each in enumerate(record["messages"]):
        which, text = (each["chat"]["id"], each["message_id"]), str(each.get("text") or each.get("caption"))
        if last.get(which) != text:
            arrivals[which].append(place)
        last[which] = text
    return arrivals


def _check_order(
    told: Sequence[tuple[int, int]], arrivals: Mapping[tuple[int, int], Sequence[int]], findings: Findings
) -> None:
    """In each chat all messages and edits have arrived in the order in which they were written.

    Left out are those that a process showed which was killed before it could say so: which of its texts a message got
    by which row cannot be told there, and where somebody pressed the upper of two copies, what follows stands above.

    Args:
        told: chat and message of each row, the oldest first.
        arrivals: when each of them got each of its texts.
    """
    said, before = Counter(told), Counter[tuple[int, int]]()
    newest: dict[int, tuple[int, int]] = {}
    for which in told:
        if len(arrivals.get(which, ())) != said[which]:
            continue
        (chat, message_id), arrived = which, arrivals[which][before[which]]
        before[which] += 1
        findings.order_looked_at += 1
        if arrived < newest.get(chat, (0, 0))[0]:
            findings.say("disordered", f"{chat}: message {message_id} was written after {newest[chat][1]}")
        newest[chat] = max((arrived, message_id), newest.get(chat, (0, 0)))


def _chat_of(keys: KeyRing, row: Any) -> int:
    key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
    return int(key.open(row.address, Place("account", "address", row.id)))


def _check_once(connection: Connection, findings: Findings) -> None:
    """What happens once a person or once a request has happened once."""
    for table, column in (
        (Consent, Consent.account_id),
        (Event, Event.request_id),
        (Access, Access.request_id),
    ):
        twice = select(column).group_by(column).having(func.count() > 1)
        for each in connection.scalars(twice):
            findings.say("doubled", f"{table.__tablename__} of {each}")
    for cause in connection.scalars(select(SetAside.cause)):
        findings.say("lost", f"an update could not be handled: {cause}")


def _check_reactions(relative: Relative, findings: Findings) -> None:
    who = relative.telephone.id
    if relative.stuck:
        findings.say("stuck", f"{who}: {relative.stuck}")
    for place in relative.asked_again:
        findings.say("lost", f"{who}: was asked again for {place}")
    for moment in late_in(relative.telephone.history):
        findings.say("disordered", f"{who}: came once more after what followed it: {moment.looks[:60]!r}")
    for reference in relative.not_listed:
        findings.say("lost", f"{who}: {reference} is missing under My requests")


def _check_repeats(relative: Relative, counted: Counter[int], findings: Findings, doubts: int) -> int:
    """One repeat at most after each kill, none before the first, one more for a lost answer; return how many more."""
    findings.repeats += counted.total()
    findings.most_repeats = max([findings.most_repeats, *counted.values()])
    excess = {process: number - (process > 1) for process, number in counted.items()}
    more = sum(excess.values())
    if more > doubts:
        for process, number in excess.items():
            if number > 0:
                findings.say("repeated", f"{relative.telephone.id}: {counted[process]} after start {process}")
    return min(more, doubts)


def by_process(history: Sequence[Moment], starts: Sequence[float], late: float) -> Counter[int]:
    """Give each repeat to the process after whose start it was heard, or to one before that has none yet.

    On a slow machine what a killed one had handed over to the network may arrive after the next one was started. Where
    several work together, others repeat what a killed one held only after some seconds, and more were killed meanwhile.
    """
    counted = Counter[int]()
    for process in sorted(bisect_right(starts, moment.at) for moment in repeats_in(history)):
        before = bisect_left(starts, starts[process - 1] - late) + 1 if process > 1 else process
        free = (each for each in range(max(2, min(before, process - 1)), process) if not counted[each])
        counted[next(free, process)] += 1
    return counted


def repeats_in(history: Iterable[Moment]) -> list[Moment]:
    """Return the messages that a person sees again.

    Equal down to what their buttons carry, they are one message sent twice. With other buttons they are a
    screen shown anew: no repeat where the person pressed a button once too often just before.
    """
    found: list[Moment] = []
    for moment, above, needless in _with_what_was_before(history):
        alike = [each.tokens for each in above if each.looks == moment.looks]
        if moment.tokens in alike or (alike and not needless):
            found.append(moment)
    return found


def late_in(history: Iterable[Moment]) -> list[Moment]:
    """Return the messages that came once more when another stood below them already.

    The same screen with the same buttons is shown anew to whoever presses or writes more than needed: that is in turn.
    """
    found: list[Moment] = []
    for moment, above, needless in _with_what_was_before(history):
        same = [(each.looks, each.tokens) == (moment.looks, moment.tokens) for each in above]
        if moment.tokens and any(same) and not same[-1] and not needless:
            found.append(moment)
    return found


def _with_what_was_before(history: Iterable[Moment]) -> Iterator[tuple[Moment, list[Moment], bool]]:
    """Give each message of the bot, those just above it, and whether the person did more than needed just before."""
    said: list[Moment] = []
    done: list[Moment] = []
    for moment in history:
        if moment.looks:
            yield moment, said, any(each.extra for each in done)
            said = [*said, moment][-_NEAR:]
        else:
            done = [*done, moment][-_RECENT:]
