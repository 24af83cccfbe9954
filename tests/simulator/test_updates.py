"""Telegram's rule of confirmation: an update is given again until an offset above it is asked for."""

from simulator.answers import Json
from simulator.updates import UpdateQueue


def ids(updates: list[Json]) -> list[int]:
    return [update["update_id"] for update in updates]


def queue_of(count: int) -> UpdateQueue:
    queue = UpdateQueue(next_id=100)
    for _ in range(count):
        queue.put("message", {})
    return queue


def test_unconfirmed_updates_are_given_again() -> None:
    queue = queue_of(3)
    assert ids(queue.take()) == [100, 101, 102]
    assert ids(queue.take()) == [100, 101, 102]
    assert queue.confirmed == set()


def test_an_offset_confirms_everything_below_it() -> None:
    queue = queue_of(3)
    queue.take()
    assert ids(queue.take(offset=102)) == [102]
    assert queue.confirmed == {100, 101}
    assert ids(queue.take(offset=103)) == []
    assert queue.confirmed == {100, 101, 102}


def test_an_old_offset_confirms_nothing_more() -> None:
    queue = queue_of(2)
    queue.take(offset=101)
    assert ids(queue.take(offset=100)) == [101]
    assert queue.confirmed == {100}


def test_a_limit_hands_out_the_oldest() -> None:
    assert ids(queue_of(5).take(limit=2)) == [100, 101]


def test_a_negative_offset_keeps_the_newest_and_forgets_the_rest() -> None:
    queue = queue_of(4)
    assert ids(queue.take(offset=-1)) == [103]
    assert queue.forgotten == {100, 101, 102}
    assert queue.confirmed == set()


def test_an_offset_of_an_older_numbering_gives_everything() -> None:
    queue = queue_of(2)
    assert ids(queue.take(offset=9_000_000)) == [100, 101]
    assert queue.confirmed == set()


def test_an_update_given_twice_by_telegram_is_given_twice_here() -> None:
    queue = queue_of(1)
    queue.take(offset=101)
    queue.put_raw({"update_id": 100, "message": {}})
    assert ids(queue.take(offset=101)) == [100]
    assert ids(queue.take(offset=101)) == []


def test_shuffled_ids_are_all_given_before_any_is_confirmed() -> None:
    queue = queue_of(1)
    for odd in (250, 7, 90):
        queue.put_raw({"update_id": odd})
    assert ids(queue.take(offset=100)) == [100, 250, 7, 90]
    assert ids(queue.take(offset=251)) == []
    assert queue.confirmed == {7, 90, 100, 250}


def test_ids_may_start_again_lower_after_an_idle_week() -> None:
    queue = UpdateQueue(next_id=100)
    queue.put_raw({"update_id": 5_000_000})
    assert ids(queue.take()) == [5_000_000]
    assert ids(queue.take(offset=5_000_001)) == []
    queue.put("message", {})
    assert ids(queue.take(offset=5_000_001)) == [100]
    assert ids(queue.take(offset=101)) == []


def test_a_raw_update_without_an_id_gets_the_next() -> None:
    queue = queue_of(1)
    assert queue.put_raw({"poll": {}}).update_id == 101
    assert queue.put("message", {}).update_id == 102


def test_after_a_day_updates_are_dropped() -> None:
    queue = UpdateQueue(next_id=100)
    for at in (0, 10, 20):
        queue.put("message", {}, at=at)
    queue.forget_stale(now=24 * 3600 + 15)
    assert ids(queue.take()) == [102]
    assert queue.forgotten == {100, 101}


def test_confirming_one_leaves_those_around_it() -> None:
    queue = queue_of(3)
    queue.confirm(queue.waiting[1])
    assert ids(queue.take()) == [100, 102]
    assert queue.confirmed == {101}
