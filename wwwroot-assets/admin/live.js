// Sparklines of the last minute: one JS call per second carries the values of all rows.
const size = 60;
const windows = new Map();

export function start(initial) {
  windows.clear();
  for (const [key, values] of Object.entries(initial)) windows.set(key, values.slice(-size));
}

export function push(keys, values) {
  const live = new Set(keys);
  for (const key of windows.keys()) if (!live.has(key)) windows.delete(key);
  keys.forEach((key, i) => {
    const series = windows.get(key) ?? [];
    series.push(values[i]);
    if (series.length > size) series.shift();
    windows.set(key, series);
  });
  if (!document.hidden) requestAnimationFrame(draw);
}

// Low values stay low: the scale covers at least 20 %.
function draw() {
  for (const canvas of document.querySelectorAll('canvas[data-spark]')) {
    const series = windows.get(canvas.dataset.spark) ?? [];
    const context = canvas.getContext('2d');
    const { width, height } = canvas;
    const top = Math.max(20, ...series);
    context.clearRect(0, 0, width, height);
    context.strokeStyle = getComputedStyle(canvas).color;
    context.lineWidth = 1.5;
    context.beginPath();
    series.forEach((value, i) => {
      const x = (size - series.length + i) * width / (size - 1);
      const y = height - 1 - value / top * (height - 2);
      if (i === 0) context.moveTo(x, y); else context.lineTo(x, y);
    });
    context.stroke();
  }
}

// Returns the current theme and reports every change.
export function watchSystemTheme(page) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', () => page.invokeMethodAsync('OnSystemTheme', dark.matches));
  return dark.matches;
}

// A log stays scrolled to its last line, except while the reader has scrolled up.
function followLogs() {
  const left = new WeakSet();
  document.addEventListener('scroll', ({ target: log }) => {
    if (!(log instanceof Element) || !log.matches('pre.log')) return;
    if (log.scrollHeight - log.scrollTop - log.clientHeight < 8) left.delete(log); else left.add(log);
  }, true);
  new MutationObserver(() => {
    for (const log of document.querySelectorAll('pre.log')) if (!left.has(log)) log.scrollTop = log.scrollHeight;
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}

// Copies a field's text. Pages without HTTPS have no navigator.clipboard, and execCommand must run inside the click.
function copyOnClick() {
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-copy]');
    const field = button && document.getElementById(button.dataset.copy);
    if (!field) return;
    field.select();
    if (document.execCommand('copy')) document.getElementById(`${field.id}-said`).textContent = button.dataset.said;
  });
}

export function ready() {
  document.documentElement.dataset.circuit = 'ready';
  followLogs();
  copyOnClick();
  document.addEventListener('keydown', event => {
    if (event.code !== 'Slash' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey
      || event.target.closest('input, textarea, select, [contenteditable]')) return;
    const filter = document.getElementById('fleet-filter');
    if (filter) { event.preventDefault(); filter.focus(); }
  });
}
