// What keeps the server from taking our mail, by what connecting and logging in came to.
import { Err, Ok, type PortError, type Result, type SchemaFault } from '@precall/core';
import { saidBy, toPortError, troubleIn } from './outcome.ts';

/** A fault that somebody must mend; an error where the server is merely away. */
export function faultOf(cause: unknown): Result<readonly SchemaFault[], PortError> {
  const trouble = troubleIn(cause);
  const { code, reply, command } = trouble;
  const where = 'SMTP_URL';
  if (code === 'EAUTH' || command.startsWith('AUTH')) {
    const said = reply === null ? '' : ` ${saidBy(trouble)}`;
    if (reply !== null && reply < 500) return Err({ kind: 'unavailable', reason: saidBy(trouble) });
    const cure =
      'Give user and password of the mail account, percent-encoded; many providers want one made for programs.';
    return Ok([{ where, fault: `The mail server does not take the login.${said}`, cure }]);
  }
  if (isAboutTls(code)) {
    const cure =
      'Use smtps:// where TLS is there from the start, smtp:// where by STARTTLS, and the name in its certificate.';
    return Ok([{ where, fault: `No secure connection came about (${code}).`, cure }]);
  }
  if (code === 'ENOTFOUND') {
    return Ok([
      {
        where,
        fault: 'The name of the mail server is unknown.',
        cure: 'Give the name that your mail provider tells.',
      },
    ]);
  }
  return Err(toPortError(cause, { wasHandedOver: false }));
}

/** Nodemailer's own code, or one of OpenSSL's for a certificate or a handshake. */
function isAboutTls(code: string): boolean {
  return code === 'ETLS' || /CERT|SELF_SIGNED|ERR_(?:SSL|TLS)|EPROTO$/.test(code);
}
