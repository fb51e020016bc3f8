"""Faust and aiokafka still have what batch delivery overrides and leans on, and the page on delivery names all of it."""

from importlib.metadata import version
from pathlib import Path

import pytest

from agents.delivery import overrides
from agents.delivery.client import BatchClient
from agents.delivery.consumer import BatchConsumer
from agents.delivery.producer import PatientProducer
from agents.delivery.tolerant import TolerantRecords
from agents.engine.assignor import StageAssignor


def test_faust_and_aiokafka_still_have_all_that_is_overridden():
    assert overrides.missing() == []


def test_what_is_overridden_is_all_that_is_listed():
    listed = {(owner.__name__, name) for owner, name, _ in overrides.OVERRIDDEN}
    ours = {
        (base.__name__, name)
        for child in (BatchConsumer, BatchClient, PatientProducer, StageAssignor, TolerantRecords)
        for base in [child.__mro__[1]]
        for name in vars(child)
        if not name.startswith("__") and hasattr(base, name) and callable(getattr(base, name))
    }
    assert {pair for pair in ours if pair[1] not in {"logger", "abstract"}} == listed


def test_a_name_that_disappeared_is_said_with_what_to_do(monkeypatch):
    monkeypatch.delattr(overrides.driver.AIOKafkaConsumerThread, "_highwaters")
    monkeypatch.setattr(overrides.driver.Consumer, "_new_offset", lambda _: None)

    with pytest.raises(RuntimeError, match=r"_highwaters is gone.*requirements.lock") as refused:
        overrides.refuse_unknown_versions()
    assert "Consumer._new_offset has other parameters" in str(refused.value)


def test_the_page_on_delivery_names_every_override_and_the_tested_versions():
    page = (Path(__file__).parents[2] / "docs" / "delivery.md").read_text("utf-8")
    for owner, name, _ in overrides.OVERRIDDEN:
        assert f"`{owner.__name__}.{name}`" in page
    for package, versions in overrides.TESTED.items():
        assert version(package) in versions, (
            f"{package} {version(package)} is not among the tested {versions}"
        )
        assert f"{package} {versions[-1]}" in page
