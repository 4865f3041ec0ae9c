// Keeps the overview and a booking's page fresh where there is JavaScript: every ten seconds, while somebody can see it,
// the page is asked for again, and the sections that changed are put in place of the old ones. Nothing depends on it.

/** Kept as they are: where the focus is, what is unfolded, how far the page is scrolled, and a section with a tick in it. */
export const liveScript = `const every = 10000;
const usable = 'a, button, input, summary, [tabindex="0"]';

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(location.pathname, { redirect: 'error' }).catch(() => null);
  if (!response || !response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const y = scrollY;
  for (const old of document.querySelectorAll('main section[aria-labelledby], footer')) {
    const name = old.getAttribute('aria-labelledby');
    const now = fresh.querySelector(name ? '[aria-labelledby="' + CSS.escape(name) + '"]' : 'footer');
    if (now && !old.querySelector(':checked') && asSent(old) !== now.outerHTML) put(now, old);
  }
  if (scrollY !== y) scrollTo(scrollX, y);
}

/** As the server sent it: what a person has unfolded does not count. */
function asSent(section) {
  const copy = section.cloneNode(true);
  copy.removeAttribute('tabindex');
  for (const details of copy.querySelectorAll('details')) details.open = false;
  return copy.outerHTML;
}

function put(now, old) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const unfolded = [...old.querySelectorAll('details[open] > summary')].map(nameOf);
  for (const summary of now.querySelectorAll('summary')) summary.parentNode.open = unfolded.includes(nameOf(summary));
  old.replaceWith(now);
  if (!focused) return;
  const same = [...now.querySelectorAll(usable)].find((one) => nameOf(one) === nameOf(focused));
  if (!same) now.tabIndex = -1;
  (same ?? now).focus({ preventScroll: true });
}

/** What stays while the thing is the same: what its form asks for, or where it leads; of a summary what it is about. */
function nameOf(element) {
  if (element.matches('summary')) return element.tagName + element.parentNode.dataset.of;
  const form = element.closest('form');
  const what = form ? [...new FormData(form)].join() : element.getAttribute('href');
  return [element.tagName, element.type, what].join();
}

setInterval(refresh, every);
document.addEventListener('visibilitychange', refresh);
`;
