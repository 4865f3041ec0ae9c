// Keeps the page live: regions as the server sends them, and what moves with time between them.
const gone = document.getElementById('gone');
const reading = document.querySelector('iframe[name=reading]');
let newest = document.querySelector('[data-newest]')?.dataset.newest;

const source = new EventSource('/demo/events');
source.onopen = () => {
  gone.hidden = true;
};
source.onerror = () => {
  gone.hidden = false;
};
for (const region of document.querySelectorAll('[data-region]')) {
  source.addEventListener(region.dataset.region, ({ data }) => put(region, JSON.parse(data)));
}

function put(region, markup) {
  const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
  const open = region.querySelector('details')?.open;
  region.innerHTML = markup;
  const details = region.querySelector('details');
  if (details && open) details.open = true;
  if (focused) document.getElementById(focused)?.focus();
  showNewestMail(region);
  move();
}

function showNewestMail(region) {
  const list = region.querySelector('[data-newest]');
  if (!list || list.dataset.newest === newest) return;
  newest = list.dataset.newest;
  reading.src = `/demo/mail?id=${encodeURIComponent(newest)}`;
}

// A button acts without leaving the page. Without this script its form does the same.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  event.preventDefault();
  fetch(form.action, { method: 'POST', redirect: 'manual' }).catch(() => {
    gone.hidden = false;
  });
});

function move() {
  const now = Date.now();
  for (const mover of document.querySelectorAll('[data-from]')) {
    const { from, to, left, right, attribute } = mover.dataset;
    const part = Math.min(1, Math.max(0, (now - from) / (to - from)));
    mover.setAttribute(attribute, `${Number(left) + (right - left) * part}%`);
  }
  for (const timer of document.querySelectorAll('[data-start]')) {
    const left = Math.ceil((timer.dataset.start - now) / 1000);
    const words = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : 'now';
    if (timer.textContent !== words) timer.textContent = words;
  }
}

// Who asked for less motion gets one step a second.
setInterval(move, matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 100);
move();
