import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from alerts.addresses import AddressesError, load_addresses, local_addresses
from alerts.norms import load_norms
from alerts.routes import HEARTBEAT, build_routes, receiver_names, receiver_of, write_routes
from streams.regions import REGIONS, ROAZ_IDS

ADDRESSES = load_addresses()
ROUTES = build_routes(ADDRESSES)
KINDS = sorted(
    {
        (norm.audience, norm.severity, str(number), step.role)
        for norm in load_norms().norms
        for number, step in enumerate(norm.steps, start=1)
    }
)


def every_route(route):
    yield route
    for child in route.get("routes", []):
        yield from every_route(child)


def test_the_step_goes_to_its_role_in_its_own_region():
    assert receiver_of("roaz-voorzitter", "R07") == "chair-R07"
    assert receiver_of("zorgverzekeraar", "R07") == "insurer-R07"
    assert receiver_of("lcps", "R07") == "lcps"
    assert receiver_of("roaz-voorzitter", "NL") == "lcps"


def test_that_phase_3_threatens_reaches_every_chair_at_once():
    norm = load_norms().by_id["phase-3-risk-regions"]
    at_once = {receiver_of(step.role, "NL") for step in norm.steps if step.after_seconds == 0}
    assert at_once == {"lnaz", "igj", "chairs"}
    assert ADDRESSES.of("chairs").split(", ") == [ADDRESSES.of(f"chair-{region}") for region in ROAZ_IDS]


def heard(norm: str) -> dict[str, set[str]]:
    """Who hears a norm in R07, by delay."""
    found: dict[str, set[str]] = {}
    for step in load_norms().by_id[norm].steps:
        found.setdefault(step.after, set()).add(receiver_of(step.role, "R07"))
    return found


def test_who_must_act_hears_it_at_once():
    assert heard("forecast-overflow-soon") == {"0h": {"chair-R07", "lcps"}, "1d": {"lnaz"}}
    assert heard("ic-occupancy-high") == {"0h": {"chair-R07"}, "2d": {"lcps"}, "7d": {"lnaz"}}
    assert heard("fair-share-above-ic") == {"0h": {"chair-R07", "lcps"}, "7d": {"lnaz"}}
    assert heard("agreement-missing") == {"0h": {"chair-R07"}, "7d": {"nza", "igj"}, "21d": {"nza"}}


@pytest.mark.parametrize(("role", "region"), [("roaz-voorzitter", "R99"), ("lcps", ""), ("koning", "R07")])
def test_what_nobody_is_named_for_goes_to_operations(role, region):
    assert receiver_of(role, region) == "operations"


def test_every_receiver_of_people_has_a_mail_address_of_its_own_and_the_webhook():
    people = [each for each in ROUTES["receivers"] if each["name"] != HEARTBEAT]
    mails = [each["email_configs"][0]["to"] for each in people]

    assert [each["name"] for each in people] == receiver_names()
    assert len(set(mails)) == len(mails)
    assert "chair-r07@ketenwacht.local" in mails
    assert all(each["webhook_configs"][0]["send_resolved"] for each in people)
    assert all(each["email_configs"][0]["send_resolved"] for each in people)


def test_no_group_is_sent_before_it_is_complete_and_none_is_cut_off():
    for route in every_route(ROUTES["route"]):
        assert route.get("group_wait") != "0s"
        assert "mute_time_intervals" not in route
    assert "max_alerts" not in str(ROUTES)


def test_a_breach_is_a_group_of_its_own():
    for route in every_route(ROUTES["route"]):
        if any(matcher.startswith("role=") for matcher in route.get("matchers", [])):
            assert {"region", "norm", "scope", "step"} <= set(route["group_by"])


def test_only_alerts_on_the_chain_hold_each_other_back():
    for rule in ROUTES["inhibit_rules"]:
        assert rule["source_matchers"] == ['alertname="WorkersDown"']
        assert rule["target_matchers"] == ['alertname=~"WorkerDown|StateMissing|TicksStopped"']


def test_a_local_stack_differs_in_the_mail_server_and_the_webhook_only():
    local = build_routes(local_addresses("127.0.0.1:2525", "http://127.0.0.1:9911/alerts"))

    assert local["route"] == ROUTES["route"]
    assert [each["name"] for each in local["receivers"]] == [each["name"] for each in ROUTES["receivers"]]
    assert local["global"]["smtp_smarthost"] == "127.0.0.1:2525"
    assert "smtp_auth_password_file" not in local["global"]


def test_one_chair_can_have_another_address(tmp_path):
    from alerts import addresses

    text = addresses.resources.files("alerts").joinpath("addresses.toml").read_text("utf-8")
    changed = tmp_path / "addresses.toml"
    changed.write_text(text + 'chair-R07 = "voorzitter@example.org"\n')

    assert load_addresses(changed).of("chair-R07") == "voorzitter@example.org"
    assert load_addresses(changed).of("chair-R08") == "chair-r08@ketenwacht.local"


def test_a_missing_receiver_is_named(tmp_path):
    from alerts import addresses

    text = addresses.resources.files("alerts").joinpath("addresses.toml").read_text("utf-8")
    broken = tmp_path / "addresses.toml"
    broken.write_text(text.replace('nza = "', 'naz = "'))

    with pytest.raises(AddressesError, match="nza"):
        load_addresses(broken)


@pytest.fixture(scope="module")
def amtool(tmp_path_factory):
    if shutil.which("amtool") is None:
        pytest.skip("amtool is not installed (apt-get install prometheus-alertmanager)")
    config = write_routes(tmp_path_factory.mktemp("routes"), ADDRESSES)

    def run(*arguments):
        return subprocess.run(["amtool", *arguments], capture_output=True, text=True, check=False)

    checked = run("check-config", str(config))
    assert checked.returncode == 0, checked.stderr

    def receiver(labels):
        pairs = [f'{name}="{value}"' for name, value in labels.items()]
        done = run("config", "routes", "test", f"--config.file={config}", *pairs)
        return done.stdout.strip() or done.stderr

    return receiver


def test_alertmanager_sends_every_region_step_severity_and_audience_to_its_own_receiver(amtool):
    asked = [
        {
            "alertname": "NormBreach",
            "region": region,
            "audience": a,
            "severity": s,
            "step": step,
            "role": role,
        }
        for region in (*REGIONS, "R99", "")
        for a, s, step, role in KINDS
    ]
    wanted = [
        "operations" if each["audience"] == "operations" else receiver_of(each["role"], each["region"])
        for each in asked
    ]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(amtool, asked))

    assert [
        (each, got, want) for each, got, want in zip(asked, found, wanted, strict=True) if got != want
    ] == []
    assert {f"chair-{region}" for region in ROAZ_IDS} <= set(found)


def test_alertmanager_sends_the_heartbeat_to_its_watcher_and_the_unknown_to_operations(amtool):
    assert amtool({"alertname": "Watchdog", "audience": "heartbeat"}) == HEARTBEAT
    assert amtool({"alertname": "SomethingElse"}) == "operations"
