"""Whatever the broker took is in a backup, and comes back at the offset that it had, as it was or refused as before."""

import dataclasses

from typer.testing import CliRunner

from deploy.cli.main import app
from streams.log_end import read_all
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, catalogue
from tests.integration.conftest import settings_for
from tests.integration.test_backup import another
from tests.support.raw_batches import batch, produce, record

UNREADABLE = "a batch that cannot be read"
ODD = {
    "neither key nor value": [record(0, None, None)],
    "no key": [record(0, None, b"{}")],
    "no value": [record(0, b"R07", None)],
    "a header without value": [record(0, b"R07", b"{}", (b"trace", None))],
    "a header name that is no UTF-8": [record(0, b"R07", b"{}", (b"\xff\xfe", b"1"))],
    "a header name twice": [record(0, b"R07", b"{}", (b"a", b"1"), (b"a", b"2"))],
    "before 1970": [record(0, b"R07", b"{}")],
    "no time": [record(0, b"R07", b"{}")],
    UNREADABLE: [b"\xff\xff\xff"],
}
TIMES = {"before 1970": -5_000, "no time": -1}


INVALID_RECORD = 87
"""What Apache Kafka answers to a batch that cannot be read; the embedded broker takes it."""


def test_odd_records_come_back_as_they_were(fresh_broker, fresh_kafka, tmp_path):
    apply_topics(fresh_kafka, catalogue())
    for name, records in ODD.items():
        odd = batch(*records, timestamp=TIMES.get(name, 1_700_000_000_000))
        code = produce(fresh_kafka.bootstrap, OCCUPANCY, 0, odd)
        is_refused = name == UNREADABLE and fresh_broker.kind == "kafka"
        assert code == (INVALID_RECORD if is_refused else 0), name
        assert produce(fresh_kafka.bootstrap, OCCUPANCY, 0, batch(record(0, b"R07", name.encode()))) == 0
    before = list(read_all(fresh_kafka, OCCUPANCY))
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "b"), "--bootstrap", fresh_kafka.bootstrap])
    assert done.exit_code == 0, (done.output, done.exception)
    with another(fresh_broker) as broker:
        kafka = settings_for(broker)
        done = CliRunner().invoke(app, ["restore", str(tmp_path / "b"), "--bootstrap", kafka.bootstrap])
        assert done.exit_code == 0, (done.output, done.exception)
        assert list(read_all(kafka, OCCUPANCY)) == [as_it_comes_back(one) for one in before]


def as_it_comes_back(one):
    key = b"" if one.key is None and one.value is None else one.key
    headers = tuple((name, value or b"") for name, value in one.headers)
    return dataclasses.replace(one, key=key, headers=headers)
