"""A live page with an injected source, and a headless Chromium that looks at it."""

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from alerts.norms import load_norms
from alerts.texts import load_texts
from dashboards.board.server import Board, serve
from dashboards.board.source import BoardSink
from dashboards.board.state import BoardState
from streams.calendar import iso
from streams.recording import Record
from streams.regions import ROAZ_IDS
from streams.status import RegionOverview, Transition
from streams.views import BreachView, IndicatorView

CHROMIUM = shutil.which("chromium")
AT = 1637582400  # 2021-11-22 12:00 UTC
HOUR = 3600


class InjectedSource:
    """Hands the sink to the test, which fills it from its own thread."""

    def __init__(self) -> None:
        self.sink: BoardSink | None = None
        self.begun = threading.Event()

    async def read(self, sink: BoardSink) -> None:
        self.sink = sink
        self.begun.set()
        await asyncio.Event().wait()


class LivePage:
    """One served page; `call` reaches its sink from the test, `stop` kills the server."""

    def __init__(self, clock: Callable[[], float], quiet_seconds: float) -> None:
        self._clock = clock
        self._quiet_seconds = quiet_seconds
        self._source = InjectedSource()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._up = threading.Event()
        self.port = 0
        self.url = ""

    def start(self) -> None:
        self._source = InjectedSource()
        self._up.clear()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._up.wait(10)
        assert self._source.begun.wait(10)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        board = Board(
            self._source,
            load_norms(),
            load_texts(load_norms()),
            BoardState(load_norms(), quiet_seconds=self._quiet_seconds),
            clock=self._clock,
            beat_seconds=0.3,
            gather_seconds=0.02,
        )

        def ready(url: str) -> None:
            self.url, self.port = url, int(url.rsplit(":", 1)[1].rstrip("/"))
            self._up.set()

        with contextlib.suppress(asyncio.CancelledError):
            await serve(board, self.port, ready)

    def call(self, name: str, *told: Any) -> None:
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (getattr(self._source.sink, name)(*told), done.set()))
        assert done.wait(5)

    def overview(self, record: RegionOverview) -> None:
        self.call("overview", record)

    def transition(self, record: Transition) -> None:
        self.call("transition", record)

    def tick(self, at: int) -> None:
        self.call("tick", at)

    def waits(self, *records: Record) -> None:
        self.call("waits", 0, records)

    def stop(self) -> None:
        if self._loop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join(10)
        assert not self._thread.is_alive()


class Wall:
    """A wall clock that the test moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall(AT + 60)


@pytest.fixture
def live(wall: Wall) -> Iterator[LivePage]:
    served = LivePage(wall, quiet_seconds=30)
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at 1280x800 that must ask nothing of other hosts and complain of nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.complaints = []
    page.requests = []
    page.on(
        "console",
        lambda message: (
            page.complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.requests.append(request.url))
    yield page
    context.close()


@pytest.fixture
def make() -> "Make":
    return Make()


class Make:
    """Records as the judge writes them."""

    def region(
        self,
        region: str,
        *breaches: BreachView,
        at: int = AT,
        observed_at: int | None = None,
        ic: tuple[int, int] = (60, 96),
        ward: tuple[int, int] = (2840, 3520),
        completeness: float = 1.0,
    ) -> RegionOverview:
        seen = iso(observed_at if observed_at is not None else at - 4 * HOUR)

        def figure(name: str, value: float, measure: str, **labels: str) -> IndicatorView:
            return IndicatorView(name, labels, value, measure, seen, completeness)

        return RegionOverview(
            region,
            iso(at),
            [
                figure("beds_occupied", ic[0], "beds", unit="ic", label="all"),
                figure("beds_occupied", ic[0] // 3, "beds", unit="ic", label="covid"),
                figure("beds_staffed", ic[1], "beds", unit="ic"),
                figure("occupancy_ratio", ic[0] / ic[1], "ratio", unit="ic"),
                figure("beds_occupied", ward[0], "beds", unit="ward", label="all"),
                figure("beds_staffed", ward[1], "beds", unit="ward"),
                figure("occupancy_ratio", ward[0] / ward[1], "ratio", unit="ward"),
                figure("referrals_week", 3378, "referrals", specialism="all", target="all"),
                figure("referrals_expected_week", 3602, "referrals", specialism="all", target="all"),
                figure("referrals_ratio", 3378 / 3602, "ratio", specialism="all", target="all"),
                figure("followup_waiting", 54, "patients", sector="verpleeghuis"),
                figure("followup_free_places", 121, "places", sector="verpleeghuis"),
                figure("followup_strain_ratio", 54 / 175, "ratio", sector="verpleeghuis"),
                figure("followup_waiting", 8, "patients", sector="grz"),
                figure("followup_free_places", 12, "places", sector="grz"),
                figure("waits_over_treeknorm_ratio", 0.31, "ratio", access="polikliniek", specialism="all"),
                figure("wait_days_max", 63, "d", access="polikliniek", specialism="all"),
                figure("phase", 4, "phase"),
                figure("feed_received_at", at - 4 * HOUR, "s", source="lcps", topic="care.occupancy"),
            ],
            list(breaches),
        )

    def breach(
        self,
        norm: str,
        value: float,
        *,
        state: str = "active",
        step: int = 1,
        since: int = AT - 30 * HOUR,
        region: str = "R07",
        scope: str = "",
    ) -> BreachView:
        rule = load_norms().by_id[norm]
        return BreachView(
            norm, scope, rule.severity, state, value, rule.limit, rule.unit,
            iso(since), step if state == "active" else 0, f"{region}/{norm}/{since}", iso(AT - 4 * HOUR),
        )  # fmt: skip

    def transition(
        self, region: str, norm: str, state: str, value: float, *, at: int = AT, step: int = 1
    ) -> Transition:
        rule = load_norms().by_id[norm]
        return Transition(
            iso(at), region, norm, "", state, value, rule.limit, rule.unit, rule.severity, step,
            iso(AT - 30 * HOUR), iso(at - HOUR), f"{region}/{norm}/{AT}",
        )  # fmt: skip

    def autumn(self, live: LivePage) -> None:
        """A country as in November 2021."""
        full = {"R04": (131, 140), "R05": (79, 81), "R06": (164, 170), "R07": (150, 160), "R09": (88, 100)}
        for region in ROAZ_IDS:
            ic = full.get(region, (62, 84))
            breaches = []
            if ic[0] / ic[1] >= 0.9:
                breaches.append(self.breach("ic-occupancy-high", ic[0] / ic[1], step=2, since=AT - 60 * HOUR))
            if ic[0] / ic[1] >= 0.95:
                breaches.append(self.breach("ic-occupancy-critical", ic[0] / ic[1]))
            if region in ("R06", "R08"):
                breaches.append(
                    self.breach("treeknorm-max-polikliniek", 63, step=3, since=AT - 30 * 24 * HOUR)
                )
                breaches.append(self.breach("followup-strain-verpleeghuis", 0.71, since=AT - 26 * HOUR))
            if region == "R09":
                breaches.append(self.breach("ward-occupancy-high", 0.925, state="pending"))
            if region == "R01":
                breaches.append(self.breach("flood-notified", 6.2))
            if region == "R03":
                continue
            old = AT - 3 * 24 * HOUR if region in ("R08", "R11") else None
            self_completeness = 0.8 if region == "R10" else 1.0
            live.overview(
                self.region(region, *breaches, ic=ic, observed_at=old, completeness=self_completeness)
            )
        live.overview(
            self.region(
                "NL",
                self.breach("ic-ladder-1150", 1187, region="NL", step=2),
                ic=(1187, 1290),
                ward=(17_900, 19_800),
            )
        )
        for index, (region, norm, state, value) in enumerate(
            [
                ("R05", "ic-occupancy-high", "active", 0.91),
                ("R08", "followup-strain-verpleeghuis", "pending", 0.68),
                ("NL", "ic-ladder-1150", "active", 1153),
                ("R02", "ic-occupancy-high", "resolved", 0.84),
                ("R05", "ic-occupancy-critical", "active", 0.963),
                ("NL", "ic-ladder-1150", "step", 1187),
            ]
        ):
            live.transition(
                self.transition(
                    region, norm, state, value, at=AT - (6 - index) * HOUR, step=2 if state == "step" else 1
                )
            )
        live.tick(AT)
