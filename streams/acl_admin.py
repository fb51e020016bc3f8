"""Makes the access control lists of a cluster agree with the rights, and tells where they do not."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)

from streams.kafka import KafkaSettings
from streams.rights import Right
from streams.topics import catalogue


@dataclass(frozen=True, slots=True)
class AclDifferences:
    """Where a cluster differs from the rights.

    Attributes:
        missing: rights that the cluster does not grant.
        extra: what it grants or denies on our topics and groups beyond them, a sentence each.
        wider: what covers ours and others by a pattern, a sentence each.
    """

    missing: list[Right]
    extra: list[str]
    wider: list[str]


def compare_acls(settings: KafkaSettings, rights: Collection[Right]) -> AclDifferences:
    """Return where a cluster differs; changes nothing.

    Raises:
        kafka.errors.SecurityDisabledError: the cluster has no authorizer: everybody may do everything.
        kafka.errors.KafkaError: the broker cannot be reached or refuses.
    """
    with KafkaAdminClient(**settings.admin()) as admin:
        return _Found(admin, rights).differences


def apply_acls(settings: KafkaSettings, rights: Collection[Right], *, prune: bool = False) -> AclDifferences:
    """Grant what is missing; with `prune` also take away what is extra.

    What is wider stays: somebody else may need it.

    Returns:
        what differed before.

    Raises:
        kafka.errors.SecurityDisabledError: the cluster has no authorizer.
        kafka.errors.KafkaError: the broker cannot be reached or refuses.
    """
    with KafkaAdminClient(**settings.admin()) as admin:
        found = _Found(admin, rights)
        # First what may be done, then what may not: nobody is locked out in between.
        if found.missing:
            done = admin.create_acls([_acl(right) for right in found.missing])
            if done["failed"]:
                raise done["failed"][0]
        if prune and found.extra:
            for _, _, error in admin.delete_acls([_only(acl) for acl in found.extra]):
                if error.errno:
                    raise error()
    return found.differences


class _Found:
    """What a cluster grants, held against the rights."""

    def __init__(self, admin: Any, rights: Collection[Right]) -> None:
        anything = ACLFilter(
            None, None, ACLOperation.ANY, ACLPermissionType.ANY,
            ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
        )  # fmt: skip
        there, _ = admin.describe_acls(anything)
        wanted = {_acl(right): right for right in rights}
        ours = {(_kind(right), right.name) for right in rights}
        ours |= {(ResourceType.TOPIC, topic.name) for topic in catalogue()}
        beyond = [acl for acl in there if acl not in wanted]
        granted = set(there)
        self.missing = [right for acl, right in wanted.items() if acl not in granted]
        self.extra = [acl for acl in beyond if _place(acl) in ours]
        self.wider = [acl for acl in beyond if _place(acl) not in ours and _covers(acl, ours)]

    @property
    def differences(self) -> AclDifferences:
        return AclDifferences(
            self.missing, sorted(map(_sentence, self.extra)), sorted(map(_sentence, self.wider))
        )


def _covers(acl: Any, ours: Collection[tuple[Any, str]]) -> bool:
    kind, name = _place(acl)
    prefixed = acl.resource_pattern.pattern_type == ACLResourcePatternType.PREFIXED
    return any(kind == each and (our.startswith(name) if prefixed else name == "*") for each, our in ours)


def _acl(right: Right) -> Any:
    pattern = ACLResourcePatternType.PREFIXED if right.prefixed else ACLResourcePatternType.LITERAL
    operation = ACLOperation[right.operation.replace("-", "_").upper()]
    return ACL(
        right.principal,
        "*",
        operation,
        ACLPermissionType.ALLOW,
        ResourcePattern(_kind(right), right.name, pattern),
    )


def _only(acl: Any) -> Any:
    pattern = acl.resource_pattern
    return ACLFilter(
        acl.principal, acl.host, acl.operation, acl.permission_type,
        ResourcePatternFilter(pattern.resource_type, pattern.resource_name, pattern.pattern_type),
    )  # fmt: skip


def _kind(right: Right) -> Any:
    return ResourceType[right.resource.upper()]


def _place(acl: Any) -> tuple[Any, str]:
    return acl.resource_pattern.resource_type, acl.resource_pattern.resource_name


def _sentence(acl: Any) -> str:
    pattern = acl.resource_pattern
    more = "..." if pattern.pattern_type == ACLResourcePatternType.PREFIXED else ""
    operation = acl.operation.name.lower().replace("_", "-")
    verb = acl.permission_type.name.lower()
    return f"{acl.principal} from {acl.host}: {verb} {operation} {pattern.resource_type.name.lower()} {pattern.resource_name}{more}"
