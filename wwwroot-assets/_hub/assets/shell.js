// The frame around an app: tells what becomes of the app, and does what the app asks of its host.
import { showError } from "./errors.js";
import { frame, place, slug } from "./frame.js";
import { arrive, ask, leave, leaveUnseen } from "./leave.js";
import { mirror, observe } from "./mirror.js";
import { $, setText } from "./page.js";
import { isOutdated } from "./version.js";
import { watch } from "./watch.js";

const banner = $(".banner");
const reload = $("[data-action=reload]");
const keep = $("[data-action=keep]");
const whole = $("[data-action=whole]");

// Never reloads the frame of a living app without a click, unless its page is of another version: a reload ends a Streamlit session.
reload.hidden = false;
reload.onclick = () => frame.contentWindow.location.reload();
keep.onclick = () => fetch(`/_hub/apps/${slug}/keep`, { method: "POST" });
whole.onclick = () => $(".bare").click();

// Other pages of the hub may not be framed by the site that frames this one.
if (parent !== window) document.querySelectorAll(".bar a").forEach(link => { link.target = "_blank"; });

// Streamlit's messages to its host (HostCommunicationManager): address, title and icon are read from the frame instead. A site that frames this page,
// which the app allows (frame-ancestors), is the host of all the rest.
addEventListener("message", ({ source, origin, data }) => {
  if (source === frame.contentWindow && origin === location.origin) {
    if (data?.stCommVersion === 1 && data.type === "REDIRECT_TO_URL") return leave(new URL(data.url, location));
    showError(data);
    if (parent !== window) parent.postMessage(data, "*");
  } else if (source === parent && parent !== window) {
    frame.contentWindow.postMessage(data, location.origin);
  }
});

// mine: the run of the frame's session, either the ready run when the frame was loaded or the one to which it has reconnected since. moved: the
// time of that reconnect, until the person has seen the notice and continues. cause: how the app ended, until then. home: the document of mine,
// because the frame's load event may come long after its session began.
let [mine, home, latest, heard, isLost, isForeign, wasReady, moved, cause] = [null, null, null, 0, false, false, false, null, null];
const goOn = () => { if (moved !== null && performance.now() - moved > 20000) moved = cause = null; };

async function attach() {
  const page = frame.contentDocument;
  if (!page || page !== home) [mine, home, moved, cause] = [latest?.run ?? null, page, null, null];
  isForeign = false;
  if (page) {
    arrive();
    for (const act of ["pointerdown", "keydown"]) page.addEventListener(act, goOn, true);
    frame.contentWindow.navigation?.addEventListener("navigate", ask);
    observe(page);
    mirror();
  } else {
    isForeign = await leaveUnseen();
  }
  tell();
}

const isStarting = () => frame.contentDocument?.body?.dataset.page === "starting";

function tell() {
  const left = milliseconds => {
    const seconds = Math.max(0, Math.ceil((milliseconds - (performance.now() - heard)) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const leaving = latest?.leaving.find(run => run.run === mine);
  const isWaiting = latest?.queue != null;
  const isIdle = latest?.idleStopMs != null && mine === latest.run && !isWaiting;
  // The hub's waiting page shows the queue itself; Streamlit's page shows only that it is not connected.
  const isApart = isWaiting && frame.contentDocument?.querySelector("[data-testid=stConnectionStatus]") != null;
  const text =
    isLost ? banner.dataset.lost
    : isForeign ? banner.dataset.foreign
    : leaving ? `${banner.dataset.leaving} ${leaving.why ?? ""}`
    : !latest || !wasReady || isStarting() ? ""
    : !latest.isReady ? `${banner.dataset.stopped} ${latest.pause ?? `${latest.word}.`} ${latest.why ?? cause ?? latest.hint ?? ""}`
    : mine !== null && mine !== latest.run ? `${banner.dataset.replaced} ${latest.why ?? cause ?? ""}`
    : isApart ? latest.queue
    : isIdle ? banner.dataset.idle
    : moved !== null ? `${banner.dataset.restarted} ${latest.why ?? cause ?? ""}`
    : "";
  setText($("span", banner), text);
  setText($("time", banner), isLost || isForeign ? "" : leaving ? left(leaving.endsInMs) : isIdle ? left(latest.idleStopMs) : "");
  keep.hidden = !isIdle || isLost || isForeign;
  whole.hidden = !isForeign || isLost;
  banner.hidden = text === "";
}

// The first new attempt of a failed app follows within 1.25 s (RestartPolicy), and Streamlit's page finds back by itself with what was typed in it.
// When that fails, too, the frame shows the hub's page of the failed app.
const hasFailed = status => status.isFailed && (status.retryInMs ?? Infinity) > 1400 && !status.leaving.some(run => run.run === mine);

watch(slug, status => {
  [latest, heard, isLost] = [status, performance.now(), false];
  wasReady ||= status.isReady;
  if (mine === null) [mine, home] = [status.run, frame.contentDocument];
  cause = status.exit ?? cause;
  if (mine !== status.run && status.isIn && !status.leaving.some(run => run.run === mine)) [mine, moved] = [status.run, performance.now()];
  if (isOutdated(frame.contentDocument, status)) frame.contentWindow.location.reload();
  if (wasReady && hasFailed(status) && frame.contentDocument && !isStarting()) frame.contentWindow.location.reload();
  tell();
}, () => { isLost = true; tell(); });

frame.addEventListener("load", attach);
if (place() && frame.contentDocument.readyState === "complete") attach();
setInterval(tell, 1000);
