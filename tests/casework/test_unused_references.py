"""No two requests ever have the same reference, however many there are."""

from pathlib import Path

from casework.references import new_reference
from casework.requests import unused_reference
from db.models import Request
from db.sealed import Place
from tests.casework.seeded import make_office


def test_a_reference_that_is_taken_is_drawn_again(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with office.engine.begin() as connection:
        request_id = office.file(connection)
        row = connection.execute(Request.__table__.select().where(Request.id == request_id)).one()
        key = office.keys.data_key(row.data_key, Place("request", "data_key", request_id))
        taken = key.open(row.details, Place("request", "details", request_id))["reference"]
        free = new_reference()
        drawn = iter([taken, taken, free])
        assert unused_reference(connection, office.keys, lambda: next(drawn)) == free
