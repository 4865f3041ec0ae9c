// Whether a change was asked for by our own pages or by a program, and not by somebody else's page (CSRF).
import type { Headers } from '@precall/core';
import { type PlainResponse, problem } from './plain.ts';

/** The answer to a change that was not asked for so. */
export const otherOrigin: PlainResponse = problem({
  status: 403,
  detail:
    'A change must be asked for from the same origin. A proxy in front must pass on the Host that the browser named.',
});

/**
 * `Sec-Fetch-Site`, which no page can forge, must say same-origin where it is sent; `Origin` must name the host of
 * the request. A request with no browser header at all comes from a program, whose `fetch` (Node's, for one) may yet say
 * its mode, which a browser never says alone. Each may be there once only.
 */
export function isSameOrigin(headers: Headers): boolean {
  const sites = headers['sec-fetch-site'] ?? [];
  const origins = headers.origin ?? [];
  if (sites.length === 0 && origins.length === 0) return !fromBrowser(headers);
  if (sites.length > 1 || origins.length > 1) return false;

  const [site] = sites;
  const [origin] = origins;
  if (site !== undefined && site !== 'same-origin') return false;
  // a page whose referrer policy is no-referrer sends `Origin: null` to its own server too (Fetch, section 3.2)
  if (site !== undefined && origin === 'null') return true;
  return origin === undefined || namesHost(origin, headers.host ?? []);
}

function fromBrowser(headers: Headers): boolean {
  const mode = headers['sec-fetch-mode'] ?? ['cors'];
  const others = Object.keys(headers).filter((name) => name !== 'sec-fetch-mode');
  const isSaid = others.some((name) => name === 'referer' || name.startsWith('sec-fetch-'));
  return isSaid || mode.join() !== 'cors';
}

/** The scheme is not compared: behind a proxy that ends TLS the two differ. Default ports are left out. */
function namesHost(origin: string, hosts: readonly string[]): boolean {
  const [host] = hosts;
  if (host === undefined || hosts.length > 1) return false;
  try {
    const { protocol, host: named } = new URL(origin);
    return /^https?:$/.test(protocol) && named === new URL(`${protocol}//${host}`).host;
  } catch {
    return false;
  }
}
