// Progressive enhancement: the users' pages work without this module; it keeps them up to date.
import { $, setText } from "./page.js";
import { watch } from "./watch.js";

const shapes = { running: "running", queued: "starting", starting: "starting", restarting: "starting", backoff: "failed", quarantined: "failed", hung: "failed" };

function say(element, text) {
  element.hidden = text === null;
  setText(element, text ?? "");
}

function mark(element, status) {
  element.dataset.state = shapes[status.state] ?? "stopped";
  setText($(".word", element), status.word);
}

function starting() {
  const card = $(".start");
  let since = performance.now() - Number(card.dataset.elapsed);
  let counting = Number(card.dataset.elapsed) > 0;
  let next = card.dataset.retry ? performance.now() + Number(card.dataset.retry) : null;
  let failed = card.dataset.failed === "true";
  setInterval(() => {
    setText($(".elapsed", card), counting ? card.dataset.elapsedText.replace("{0}", Math.floor((performance.now() - since) / 1000)) : "");
    setText($(".next", card), next === null ? card.dataset.given : card.dataset.countdown.replace("{0}", Math.max(0, Math.ceil((next - performance.now()) / 1000))));
  }, 250);
  // Without a navigation, which would be one more step back.
  const retry = $(".failure form", card);
  retry.onsubmit = event => {
    event.preventDefault();
    fetch(retry.action, { method: "POST", redirect: "manual" });
  };
  let leaving = false;
  watch(card.dataset.slug, status => {
    if (leaving) return;
    mark($(".state", card), status);
    if (status.isReady && status.queue === null) {
      // Keeps the URL with query and fragment; replace() with an equal URL would only scroll.
      leaving = true;
      document.title = `${card.dataset.ready}: ${$("h1", card).textContent}`;
      location.reload();
      return;
    }
    document.title = `${status.word}: ${$("h1", card).textContent}`;
    counting = status.elapsedMs > 0;
    since = performance.now() - status.elapsedMs;
    next = status.retryInMs === null ? null : performance.now() + status.retryInMs;
    for (const step of card.querySelectorAll("[data-step]")) {
      const number = Number(step.dataset.step);
      step.className = number < status.step ? "done" : number === status.step && counting ? "now" : "";
    }
    $(".steps", card).hidden = $(".elapsed", card).hidden = status.isFailed || status.isReady || status.pause !== null;
    say($(".held", card), status.pause);
    $(".failure", card).hidden = !status.isFailed;
    say($(".queue", card), status.queue);
    setText($(".exit", card), status.exit ?? "");
    setText($(".line code", card), status.failure ?? "");
    const log = $(".log", card);
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    setText(log, status.log.join("\n"));
    if (atEnd) log.scrollTop = log.scrollHeight;
    if (status.isFailed && !failed) $("details", card).open = true;
    failed = status.isFailed;
  }, null, true);
}

function home() {
  const isWriting = () => [...document.querySelectorAll(".ask input, .ask textarea")].some(field => field.value !== field.defaultValue);
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/_hub/apps");
      if (answer.status === 403) location.reload();
      if (!answer.ok) return;
      const { notice, apps } = await answer.json();
      say($(".notice"), notice);
      for (const element of document.querySelectorAll(".state[data-slug]")) {
        const status = apps[element.dataset.slug];
        if (!status) {
          element.closest("li").remove();
          continue;
        }
        mark(element, status);
        say($(".pause", element.parentElement), status.pause === notice ? null : status.pause);
      }
      const shown = new Set([...document.querySelectorAll(".state[data-slug]")].map(element => element.dataset.slug));
      const isNew = Object.keys(apps).some(slug => !shown.has(slug));
      if ((isNew || ($(".cards") && shown.size === 0)) && !isWriting()) location.reload();
    } catch {
      // The hub is unreachable; the next interval retries.
    }
  }, 3000);
}

// navigator.clipboard requires a secure context; a hub on plain HTTP has none.
function refused() {
  $(".ended").hidden = sessionStorage.getItem("in") === null;
  sessionStorage.removeItem("in");
  const button = $("[data-copy]");
  button.hidden = false;
  button.onclick = async () => {
    const source = document.getElementById(button.dataset.copy);
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(source.textContent);
    } else {
      const selection = getSelection();
      selection.selectAllChildren(source);
      document.execCommand("copy");
    }
    setText($(".copied"), button.dataset.done);
  };
}

// A request for access: reloads the page when the visitor has access or an admin has decided.
function asking() {
  const ask = $(".ask");
  if (!ask) return;
  setInterval(async () => {
    try {
      const answer = await fetch("/_hub/request", { cache: "no-store" });
      if (!answer.ok) return;
      const now = await answer.json();
      if (now.request !== ask.dataset.request || (now.admitted && document.body.dataset.page === "refused")) location.reload();
    } catch {
      // The hub is unreachable; the next interval retries.
    }
  }, 1000);
}

asking();
if (document.body.dataset.page !== "refused") sessionStorage.setItem("in", "");
({ starting, home, refused })[document.body.dataset.page]?.();
