"""Whatever the broker took is in a backup, and comes back at the offset that it had, as it was or refused as before."""

import dataclasses

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from streams.log_end import read_all
from streams.topic_admin import apply_topics
from streams.topics import OCCUPANCY, catalogue
from tests.integration.conftest import settings_for
from tests.integration.test_backup import another
from tests.support.raw_batches import batch, produce, record

ODD = {
    "neither key nor value": [record(0, None, None)],
    "no key": [record(0, None, b"{}")],
    "no value": [record(0, b"R07", None)],
    "a header without value": [record(0, b"R07", b"{}", (b"trace", None))],
    "a header name that is no UTF-8": [record(0, b"R07", b"{}", (b"\xff\xfe", b"1"))],
    "a header name twice": [record(0, b"R07", b"{}", (b"a", b"1"), (b"a", b"2"))],
    "before 1970": [record(0, b"R07", b"{}")],
    "no time": [record(0, b"R07", b"{}")],
    "a batch that cannot be read": [b"\xff\xff\xff"],
}
TIMES = {"before 1970": -5_000, "no time": -1}


@pytest.mark.parametrize("name", ODD)
def test_odd_records_come_back_as_they_were(fresh_broker, fresh_kafka, tmp_path, name):
    apply_topics(fresh_kafka, catalogue())
    after = batch(record(0, b"R07", b"last"))
    odd = batch(*ODD[name], timestamp=TIMES.get(name, 1_700_000_000_000))
    assert produce(fresh_kafka.bootstrap, OCCUPANCY, 0, odd) == 0
    assert produce(fresh_kafka.bootstrap, OCCUPANCY, 0, after) == 0
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
