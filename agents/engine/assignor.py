"""Faust's partition assignor, but for how it divides: each stage by itself (`agents.engine.dealing`).

What members tell each other stays Faust's own, so workers of both kinds agree while a release is rolled out.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from faust.assignor.client_assignment import ClientAssignment
from faust.assignor.partition_assignor import PartitionAssignor
from typing_extensions import override

from agents.engine.dealing import deal

Part = tuple[int, int]
"""One partition of a stage: the number of the stage, and that of the partition."""


class StageAssignor(PartitionAssignor):  # type: ignore[misc]
    """Divides stages; there are no standbys and no global tables.

    Attributes:
        stages: the topics of each stage, its source and the changelogs of its tables, the stage with most work first;
            they are read together, partition by partition.
    """

    def __init__(self, app: Any, replicas: int = 0) -> None:
        super().__init__(app, replicas)
        self.stages: list[set[str]] = []

    @override
    def _perform_assignment(self, cluster: Any, member_metadata: Mapping[str, Any]) -> Any:
        told = {member: self._get_client_metadata(each) for member, each in member_metadata.items()}
        reads = {member: set(each.subscription) for member, each in member_metadata.items()}
        self._update_member_urls(told)
        groups = self._groups(cluster, set().union(*reads.values()))
        parts = [
            (number, partition) for number, (_, count) in enumerate(groups) for partition in range(count)
        ]
        held: dict[Part, str] = {}
        for member, metadata in sorted(told.items()):
            for number, (topics, _) in enumerate(groups):
                for partition in _held(metadata.assignment.actives, topics):
                    held.setdefault((number, partition), member)
        dealt = deal(parts, told, held, lambda member, part: groups[part[0]][0] <= reads[member])
        actives: dict[str, dict[str, list[int]]] = {member: defaultdict(list) for member in told}
        for (number, partition), member in dealt.items():
            for topic in groups[number][0]:
                actives[member][topic].append(partition)
        assignments = {
            member: ClientAssignment(actives=dict(topics), standbys={}) for member, topics in actives.items()
        }
        return self._protocol_assignments(
            assignments,
            self._get_changelog_distribution(assignments),
            self._get_external_topic_distribution(assignments),
            {topic: number for number, (topics, _) in enumerate(groups) for topic in topics},
        )

    def _groups(self, cluster: Any, topics: set[str]) -> list[tuple[set[str], int]]:
        """Return the topics that are read together, with how many partitions they have; the rest each by itself."""
        counts = {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in sorted(topics)}
        stages = [
            *self.stages,
            *({topic} for topic in counts if not any(topic in each for each in self.stages)),
        ]
        groups: list[tuple[set[str], int]] = []
        for stage in stages:
            by_count: dict[int, set[str]] = defaultdict(set)
            for topic in sorted(stage & counts.keys()):
                by_count[counts[topic]].add(topic)
            groups += [(found, count) for count, found in sorted(by_count.items()) if count]
        return groups


def _held(actives: Mapping[str, list[int]], topics: set[str]) -> set[int]:
    """Return the partitions that a member had of all of these topics."""
    return set.intersection(*(set(actives.get(topic, ())) for topic in topics))
