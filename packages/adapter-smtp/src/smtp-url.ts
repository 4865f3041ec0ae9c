// Where the mail server is, and how the way to it is secured.

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /**
   * `implicit`: TLS from the first byte. `required`: STARTTLS, and nothing is said to a server that does not take
   * it. `none`: in the clear.
   */
  readonly tls: 'implicit' | 'required' | 'none';
}

/**
 * `smtps://` is TLS from the first byte (port 465). `smtp://` (port 587) must turn to TLS by STARTTLS, except on this
 * machine itself; `?tls=off` and `?tls=required` say otherwise. User and password are percent-encoded. Throws for any
 * other address, without repeating it: it may hold a password.
 */
export function readSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    !url ||
    !/^smtps?:$/.test(url.protocol) ||
    url.hostname === '' ||
    !/^\/?$/.test(url.pathname) ||
    url.hash
  ) {
    throw new Error(
      'url is no address of an SMTP server; give one such as smtps://user:password@mail.example.com.',
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isSecure = url.protocol === 'smtps:';
  return {
    host,
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    user: decoded(url.username),
    password: decoded(url.password),
    tls: isSecure ? 'implicit' : tlsOf(url, host),
  };
}

function tlsOf({ searchParams }: URL, host: string): SmtpServer['tls'] {
  const wish = searchParams.get('tls');
  const isKnown = wish === null || wish === 'off' || wish === 'required';
  if (!isKnown || [...searchParams.keys()].some((name) => name !== 'tls')) {
    throw new Error(
      'url has an option that is unknown; leave it out: there is only ?tls=off or ?tls=required.',
    );
  }
  if (wish === null) return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host) ? 'none' : 'required';
  return wish === 'off' ? 'none' : 'required';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('url has a % in its user or password that encodes nothing; write it as %25.');
  }
}
