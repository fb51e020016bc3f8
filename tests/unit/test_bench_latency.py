"""Latency from what was written and what a worker told: no clock, no broker."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from deploy.bench import latency
from deploy.bench.latency import folded_after, quantile
from deploy.bench.live import LiveWorker
from deploy.bench.observed import Look, Told
from deploy.bench.scaling import lines


def look(at, folded):
    return Look(at, 0.0, at - 0.001, 0.0, folded)


def test_a_record_is_in_state_at_the_first_look_that_counts_it():
    worker = SimpleNamespace(looks=[look(10.0, {0: 1}), look(10.5, {0: 1, 1: 2}), look(11.0, {0: 3, 1: 2})])
    sent = {0: [1.0, 10.2, 10.9], 1: [1.0, 10.4]}
    assert sorted(folded_after(sent, worker, 2.0)) == pytest.approx([0.1, 0.1, 0.8])


def test_quantiles_are_values_that_were_measured():
    values = [float(number) for number in range(1, 101)]
    assert quantile(values, 0.5) == 50
    assert quantile(values, 0.99) == 99
    assert quantile([7.0], 0.99) == 7
    with pytest.raises(ValueError, match="nothing was measured"):
        quantile([], 0.5)


def test_what_a_worker_told_is_read_once_and_half_a_line_later(tmp_path):
    import msgspec

    worker = LiveWorker.__new__(LiveWorker)
    worker.child = SimpleNamespace(log=tmp_path / "log")
    worker.looks, worker.assigned, worker.ready, worker._read = [], 0.0, 0.0, 0
    first = msgspec.json.encode(Told([look(1.0, {0: 5})], 0.5, 0.7))
    second = msgspec.json.encode(Told([look(2.0, {0: 9})], 0.5, 0.7))
    worker.child.log.write_bytes(b"metrics http://x\n" + first + b"\n" + second[:10])
    worker.hear()
    assert (worker.folded, worker.assigned, worker.ready) == ({0: 5}, 0.5, 0.7)
    with worker.child.log.open("ab") as log:
        log.write(second[10:] + b"\n")
    worker.hear()
    assert worker.folded == {0: 9}
    assert len(worker.looks) == 2


def test_scaling_goes_from_one_to_a_hundred_times():
    found = lines(1000)
    assert [point.times for point in found["locations"]] == [1, 10, 100]
    assert [point.shape.locations for point in found["series"]] == [8, 80, 800]
    assert max(point.partitions for point in found["partitions"]) == 64


def test_the_runs_count_from_which_the_host_took_least(monkeypatch):
    taken = iter([9.0, 0.0, 14.0, 1.0, 2.0, 0.5, 3.0, 0.0])

    @contextmanager
    def watching(into, part):
        yield
        into[part] = next(taken)

    monkeypatch.setattr(latency, "watching", watching)
    runs = iter(range(8))

    def run(_kind, _python):
        number = next(runs)
        return [number / 1000] * 100, [number / 1000]

    monkeypatch.setattr(latency, "_run", run)
    found = latency.latency("embedded", "python", lambda _: None)["latency_ms"]

    assert (found["tried"], found["p99"], found["records"]) == (7, 4.0, 500)
    assert [one["stolen"] for one in found["runs"]] == [0.0, 0.5, 1.0, 2.0, 3.0]


def test_a_machine_of_which_much_is_taken_is_tried_ten_times(monkeypatch):
    @contextmanager
    def watching(into, part):
        yield
        into[part] = 20.0

    monkeypatch.setattr(latency, "watching", watching)
    monkeypatch.setattr(latency, "_run", lambda _kind, _python: ([0.001], [0.001]))

    found = latency.latency("embedded", "python", lambda _: None)["latency_ms"]

    assert (found["tried"], len(found["runs"])) == (10, 5)
