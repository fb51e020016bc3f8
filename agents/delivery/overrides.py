"""What batch delivery overrides in Faust and leans on in aiokafka: private names, so they are looked up at start.

A name that is gone would not fail by itself: an override that nobody calls any more is silently stock delivery.
"""

import inspect
from importlib.metadata import version
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.consumer import fetcher, group_coordinator, subscription_state
from aiokafka.producer import message_accumulator
from aiokafka.protocol import fetch
from faust.assignor import partition_assignor
from faust.stores import memory
from faust.tables import recovery
from faust.transport import consumer
from faust.transport.drivers import aiokafka as driver
from mode import threads

TESTED = {"faust-streaming": ("0.15.3",), "aiokafka": ("0.14.0",)}
"""Versions with which the whole suite runs."""

OVERRIDDEN: tuple[tuple[type, str, tuple[str, ...]], ...] = (
    (driver.Consumer, "_new_consumer_thread", ("self",)),
    (driver.Consumer, "_drain_messages", ("self", "fetcher")),
    (driver.Consumer, "_filter_tps_with_pending_acks", ("self", "topics")),
    (driver.Consumer, "_new_offset", ("self", "tp")),
    (driver.Consumer, "on_partitions_revoked", ("self", "revoked")),
    (driver.Consumer, "verify_event_path", ("self", "now", "tp")),
    (driver.AIOKafkaConsumerThread, "on_start", ("self",)),
    (driver.AIOKafkaConsumerThread, "_highwaters", ("self", "partitions")),
    (driver.AIOKafkaConsumerThread, "getmany", ("self", "active_partitions", "timeout")),
    (driver.AIOKafkaConsumerThread, "Worker", ("service", "kwargs")),
    (driver.AIOKafkaConsumerThread, "_keepalive2", ("self",)),
    (driver.AIOKafkaConsumerThread, "_gather_remaining_tasks", ("self",)),
    (driver.Producer, "_new_producer", ("self", "transactional_id")),
    (partition_assignor.PartitionAssignor, "_perform_assignment", ("self", "cluster", "member_metadata")),
    (fetcher.PartitionRecords, "_unpack_records", ("self",)),
)
"""Class, method and parameters of everything that is overridden."""

CALLED: tuple[tuple[Any, str, str], ...] = (
    (consumer.Fetcher, "_fetcher", "consumer._drain_messages(self)"),
    (driver.Consumer, "_filter_committable_offsets", "self._new_offset(tp)"),
    (driver.Consumer, "force_commit", "self._filter_tps_with_pending_acks(topics)"),
    (driver.Consumer, "_wait_next_records", "self._getmany("),
    (driver.Consumer, "_getmany", "self._thread.getmany(active_partitions, timeout)"),
    (threads.ServiceThread, "__init__", "self.thread_loop = thread_loop or"),
    (threads.ServiceThread, "start", "self.add_future(self._keepalive2())"),
    (threads.ServiceThread, "start", "self._thread = self.Worker(self)"),
    (threads.ServiceThread, "_start_thread", "self.set_shutdown()"),
    (threads.ServiceThread, "_serve", "await self._gather_remaining_tasks()"),
    (threads.ServiceThread, "stop", "self._thread.stop()"),
    (driver.AIOKafkaConsumerThread, "highwaters", "self._highwaters"),
    (driver.AIOKafkaConsumerThread, "on_start", "await self._consumer.start()"),
    (driver.Producer, "on_start", "self._new_producer()"),
    # `agents.engine.assignor` divides the work; the rest of it is Faust's.
    (partition_assignor.PartitionAssignor, "_assign", "self._perform_assignment(cluster, member_metadata)"),
    (partition_assignor.PartitionAssignor, "_update_member_urls", "self._member_urls"),
    (partition_assignor.PartitionAssignor, "_protocol_assignments", "self._member_urls[client]"),
    (AIOKafkaProducer, "send", "self._request_timeout_ms / 1000"),
    (message_accumulator.MessageAccumulator, "_append_batch", "self._batch_ttl"),
    (fetcher.Fetcher, "_get_actions_per_node", "self._fetch_max_wait_ms"),
    (fetch.FetchRequest, "topics", "self._topics"),
    (fetch.FetchRequest, "build", "self._max_wait_ms"),
    (fetcher.Fetcher, "_proc_fetch_request", "request.topics"),
    (fetcher.Fetcher, "_proc_fetch_request", "tp_state.highwater = highwater"),
    (fetcher.Fetcher, "_fetch_requests_routine", "self._get_actions_per_node(assignment)"),
    (fetcher.Fetcher, "fetched_records", "self._records"),
    (fetcher.Fetcher, "_create_fetch_waiter", "self._fetch_waiters"),
    (fetcher.FetchResult, "getall", "self._partition_records"),
    (fetcher.FetchResult, "getall", "self._update_position()"),
    (fetcher.Fetcher, "_proc_fetch_request", "MemoryRecords(part_data[-1])"),
    (fetcher.Fetcher, "_proc_fetch_request", "partition_records = PartitionRecords("),
    (fetcher.FetchResult, "getall", "for msg in self._partition_records:"),
    (fetcher.FetchResult, "check_assignment", "self._partition_records.next_fetch_offset"),
    (fetcher.PartitionRecords, "__init__", "self._records_iterator = self._unpack_records()"),
    (subscription_state.TopicPartitionState, "has_valid_position", "self._position"),
    (group_coordinator.GroupCoordinator, "close", "await self._maybe_leave_group()"),
    # What `agents.engine.shell` tells the recovery of its own snapshots.
    (recovery.Recovery, "on_rebalance", "self.active_offsets.items()"),
    (recovery.Recovery, "_build_offsets", "max(last_value, new_value)"),
    (memory.Store, "on_recovery_completed", "self._key_partition.items()"),
)
"""Class, method and a piece of its source: who calls what we override, and what we read or write."""


def missing() -> list[str]:
    """Return what this Faust and this aiokafka lack, a sentence each; empty if all is there."""
    problems = []
    for owner, name, parameters in OVERRIDDEN:
        method = getattr(owner, name, None)
        if method is None:
            problems.append(f"{owner.__name__}.{name} is gone")
        elif tuple(inspect.signature(method).parameters) != parameters:
            problems.append(f"{owner.__name__}.{name} has other parameters: {inspect.signature(method)}")
    for owner, name, piece in CALLED:
        method = inspect.getattr_static(owner, name, None)
        if isinstance(method, property):
            method = method.fget
        method = getattr(method, "fun", method)  # Faust's tasks
        if method is None:
            problems.append(f"{owner.__name__}.{name} is gone")
        elif piece not in inspect.getsource(method):
            problems.append(f"{owner.__name__}.{name} no longer says `{piece}`")
    return problems


def refuse_unknown_versions() -> None:
    """Raise RuntimeError when something is missing, with what to do."""
    if problems := missing():
        found = ", ".join(f"{name} {version(name)}" for name in TESTED)
        raise RuntimeError(
            f"batch delivery does not fit {found}: {'; '.join(problems)}. Install the versions of requirements.lock"
        )
