// The connection with the server: server-sent events, and knowing when they stop.
const SILENT_MS = 10000;
const AGAIN_MS = 2000;

// `heard(name, document, epoch)` for every message, `lost(since)` when none comes, `found()` when they do again.
export function follow({ heard, lost, found }) {
  let events;
  let last = new Date();
  let broken = false;

  const fail = () => {
    if (!broken) lost(last);
    broken = true;
  };
  const open = () => {
    events = new EventSource("/events");
    for (const name of ["snapshot", "change"]) {
      events.addEventListener(name, (message) => {
        last = new Date();
        const epoch = message.lastEventId.split("-")[0];
        heard(name, JSON.parse(message.data), epoch);
        if (broken) found();
        broken = false;
      });
    }
    events.addEventListener("error", () => {
      fail();
      if (events.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS);
    });
  };
  open();
  setInterval(() => {
    if (Date.now() - last.getTime() > SILENT_MS) fail();
  }, 1000);
}
