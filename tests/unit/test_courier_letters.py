"""The words of the courier's mails: those of Alertmanager's are the model."""

import re
from email import message_from_bytes, policy

import pytest

from alerts.addresses import load_addresses
from alerts.courier.dutch import duration, figure, inert, number, readable, when
from alerts.courier.mail import Known, LetterWriter
from alerts.courier.openings import Opening
from alerts.courier.outgoing import Outgoing
from alerts.texts import load_texts
from deploy.courier.envelope import mail_bytes
from streams.calendar import iso
from streams.status import RegionOverview
from streams.views import BreachView, IndicatorView
from streams.where import Place
from tests.support.courier_world import NORMS, START, transition

TEXTS, ADDRESSES = load_texts(NORMS), load_addresses()
WRITER = LetterWriter(NORMS, TEXTS, ADDRESSES)
EPISODE = transition("active").episode


def overview(value=0.934, *, judged=True, place="Erasmus MC"):
    at = iso(START)
    view = BreachView(
        "ic-occupancy-high", "", "warning", "active", value, 0.9, "ratio", at, 1, EPISODE, at, judged, 95, 104,
        (Place(place, 38, 38),), 4,
    )  # fmt: skip
    figure = IndicatorView(
        "occupancy_ratio",
        {"unit": "ic"},
        value,
        "ratio",
        at,
        0.9,
        4,
        3,
        1,
        0,
        iso(START - 3600),
        at,
        suspect=0,
    )
    return RegionOverview("R07", at, [figure], [view])


def letter(what, *told, view=None, **more):
    message = Outgoing("m", what, "chair-R07", 1, told, **more)
    openings = {
        each.episode: Opening(each.episode, 0, [one for one in told if one.state != "resolved"])
        for each in told
    }
    return WRITER.letter(message, Known(lambda _: view, lambda each: openings[each.episode]))


def plain(found):
    return " ".join(found.text.split())


def page(found):
    return " ".join(re.sub(r"<[^>]+>", " ", found.html.split("</style>")[1]).split())


def test_a_start_says_everything_in_plain_text_and_in_html():
    found = letter("step", transition("active"), view=overview())

    norm = NORMS.by_id["ic-occupancy-high"]
    text = TEXTS.by_norm[norm.id]
    assert found.subject == "[Ketenwacht] R07 Zuidwest-Nederland: bezetting IC 93,4 % (grens 90 %)"
    for said in (
        "93,4 %", "minder dan 90 %", "15 januari 2027, 08:00 uur", text.meaning, text.action, norm.source, norm.article,
        norm.assumption.text, norm.assumption.owner, "95 van 104 bedden", "Erasmus MC 38 van 38 bedden en 4 andere",
        "3 van 4 locaties, 1 doorgetrokken", "85 % of lager", "het LCPS, op 17 januari 2027, 09:00 uur",
    ):  # fmt: skip
        assert said in plain(found), said
        assert said in page(found), said
    for link in ("http://ketenwacht.local:8300/#R07", "runbooks/occupancy#occupancy-high", "var-region=R07"):
        assert link in found.text
        assert link in found.html
    assert text.summary in found.text
    assert text.summary in found.html
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", found.html)


def test_counts_of_another_figure_are_not_said_beside_this_one():
    assert "95 van" not in letter("step", transition("active"), view=overview(0.95)).text
    assert "Rust op" not in letter("step", transition("active"), view=overview(0.95)).text


def test_what_cannot_be_judged_says_so():
    found = letter("step", transition("step", 2, reason="unjudged"))
    assert "Nu niet te beoordelen" in plain(found)
    assert "Nu niet te beoordelen" in page(letter("step", transition("active"), view=overview(judged=False)))
    assert found.subject.endswith(", trap 2")


def test_a_breach_that_came_back_says_how_often():
    found = letter("step", transition("reopened", count=2))
    assert found.subject.startswith("[Ketenwacht] Weer begonnen (2e keer terug): R07")
    assert "voor de 2e keer terug" in plain(found)
    assert "voor de 2e keer terug" in page(found)


def test_an_end_says_value_moment_and_how_long_it_lasted():
    end = transition("resolved", 2, at=START + 7200, value=0.84, reason="cleared")
    found = letter("end", end)
    assert found.subject == "[Ketenwacht] Opgelost: R07 Zuidwest-Nederland: bezetting IC 84 % (grens 90 %)"
    for said in ("84 %", "15 januari 2027, 08:00 uur", "15 januari 2027, 11:00 uur", "3 uur", "trap 2 van 3"):
        assert said in plain(found), said
        assert said in page(found), said


@pytest.mark.parametrize("what", ["end", "was-over"])
@pytest.mark.parametrize("reason", sorted(TEXTS.endings))
def test_only_an_end_that_somebody_told_is_called_solved(what, reason):
    told = letter(what, transition("active"), transition("resolved", reason="cleared"))
    untold = letter(what, transition("active"), transition("resolved", reason=reason))
    for part in ("subject", "text", "html"):
        assert re.search("opgelost|voorbij|was over", getattr(told, part), re.IGNORECASE)
        without_reason = getattr(untold, part).replace(TEXTS.endings[reason], "")
        assert not re.search("opgelost|is voorbij|was over", without_reason, re.IGNORECASE)
    assert TEXTS.endings[reason] in plain(untold)


def test_what_was_over_before_it_was_told_says_from_when_to_when():
    found = letter("was-over", transition("active"), transition("resolved", at=START + 60, reason="cleared"))
    assert "van 15 januari 2027, 08:00 uur tot 15 januari 2027, 09:01 uur" in found.subject
    assert "voordat het u verteld kon worden" in plain(found)


def test_what_is_open_is_listed_once_a_breach_with_its_highest_step():
    found = letter(
        "standing", transition("active"), transition("step", 2), transition("active", region="R08")
    )
    assert found.subject == "[Ketenwacht] Stand van zaken: 2 overschrijdingen open"
    assert found.text.count("R07 Zuidwest-Nederland") == 1
    assert "trap 2 van 3" in found.text


def test_a_notice_lists_what_it_is_about_and_how_many_others():
    found = letter("notice", about="refused", items=tuple(f"m{n}|chair-R07" for n in range(50)), since=START)
    assert found.subject == "[Ketenwacht] Beheer: De mailserver weigert berichten (50)"
    assert "m0 chair-R07" in plain(found)
    assert "En nog 10." in plain(found)


HOSTILE = 'x"><script>alert(1)</script>\r\nBcc: evil@example.org\u202e http://evil.example www.evil.example'


def test_hostile_names_are_inert_in_every_part():
    bad = transition("active", region=HOSTILE, norm=HOSTILE, scope=HOSTILE, unit=HOSTILE, episode=EPISODE)
    for what in ("step", "end", "was-over", "standing"):
        told = (
            [bad] if what != "end" else [transition("resolved", region=HOSTILE, norm=HOSTILE, scope=HOSTILE)]
        )
        message = Outgoing("m", what, "chair-R07", 1, tuple(told))
        known = Known(lambda _: None, lambda each: Opening(each.episode, 0, [each]))
        found = WRITER.letter(message, known)
        raw = mail_bytes(message, found, ADDRESSES, START)
        mail = message_from_bytes(raw, policy=policy.default)
        assert "\n" not in found.subject
        assert mail["Bcc"] is None
        assert str(mail["To"]) == "chair-r07@ketenwacht.local"
        assert "<script" not in found.html
        assert "\u202e" not in found.html + found.text + found.subject
        own = found.text.replace("http://ketenwacht.local", "")
        assert "://" not in own
        assert "\r\nBcc" not in found.text
    shown = letter("step", transition("active"), view=overview(place=HOSTILE))
    assert "<script" not in shown.html
    assert "\nBcc" not in shown.text


def test_the_same_message_has_the_same_id_and_another_recipient_another():
    told = (transition("active"),)
    mails = [
        message_from_bytes(mail_bytes(message, letter("step", *told), ADDRESSES, at), policy=policy.default)
        for message, at in (
            (Outgoing("m", "step", "chair-R07", 1, told), START),
            (Outgoing("m", "step", "chair-R07", 7, told), START + 900),
            (Outgoing("m", "step", "lcps", 1, told), START),
            (Outgoing("n", "step", "chair-R07", 1, told), START),
        )
    ]
    ids = [str(mail["Message-ID"]) for mail in mails]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert mails[0]["Auto-Submitted"] == "auto-generated"
    assert mails[0]["References"] == mails[3]["References"]
    assert all(len(line) < 998 for line in mails[0].as_bytes().splitlines())


@pytest.mark.parametrize("norm", sorted(NORMS.by_id))
def test_every_step_of_every_norm_has_a_letter(norm):
    for step in range(1, len(NORMS.by_id[norm].steps) + 1):
        told = transition(
            "active" if step == 1 else "step", step, norm=norm, region="NL", value=1.0, limit=2.0
        )
        found = letter("step", told)
        assert TEXTS.by_norm[norm].norms[norm] in found.subject
        assert f"trap {step} van {len(NORMS.by_id[norm].steps)}" in found.text
        assert "None" not in found.text


def test_figures_moments_and_scopes_read_as_in_the_mails_of_today():
    text = TEXTS.by_norm["ic-occupancy-high"]
    assert [number(each) for each in (0, 7.04, 1352, 1234567.89, -3.5)] == [
        "0",
        "7",
        "1.352",
        "1.234.567,9",
        "-3,5",
    ]
    assert figure(None, text, TEXTS) == "onbekend"
    assert figure(0.9, text, TEXTS) == "90 %"
    assert when("2021-11-15T12:00:00Z") == "15 november 2021, 13:00 uur"
    assert [duration(each) for each in (1, 60, 3700, 90_000, 172_800)] == [
        "1 minuut", "1 minuut", "1 uur en 2 minuten", "1 dag en 1 uur", "2 dagen",
    ]  # fmt: skip
    assert readable("source=lcps,topic=care.occupancy") == "bron lcps (occupancy)"
    assert inert("a\nb") == "a\\u000ab"
