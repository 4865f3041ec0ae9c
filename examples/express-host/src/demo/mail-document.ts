// A mail as its reader sees it: a document of its own, which the page shows in a sandboxed frame.
import type { MailboxMessage } from '@precall/adapter-embedded';
import { html, htmlText } from '@precall/core';

export interface MailDocument {
  readonly status: 200 | 404;
  readonly policy: string;
  readonly document: string;
}

/**
 * A document of its own and not `srcdoc`: that would inherit the page's policy, under which a mail's inline styles count
 * for nothing. This policy lets it have them, and neither scripts nor anything from elsewhere.
 */
const mailPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'";

export function mailDocument(
  message: Pick<MailboxMessage, 'html'> | null,
  { wanted }: { readonly wanted: boolean },
): MailDocument {
  if (message) return { status: 200, policy: mailPolicy, document: message.html };
  const words = wanted
    ? 'This mail is not there any more.'
    : 'No mail yet. The first comes in a few seconds.';
  return { status: wanted ? 404 : 200, policy: mailPolicy, document: htmlText(emptyMail(words)) };
}

const emptyMail = (words: string) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Mail</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px; font: 16px/1.5 system-ui, sans-serif; color: #5c6470; background: #f3f4f6; }
@media (prefers-color-scheme: dark) { body { color: #a9b0bc; background: #15171c; } }
</style>
</head>
<body><p>${words}</p></body>
</html>
`;
