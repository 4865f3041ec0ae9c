// The webhook, asked as Cal.com's "Ping test" asks it: signed with each secret, and once with a signature that is none.
import type { SchemaFault } from '@precall/core';
import type { CalcomSettings } from '@precall/node';
import { signCalcom } from '@precall/source-calcom';

const patienceMs = 15_000;

/** A PING changes nothing: the host answers 200 `test_ping` and keeps nothing of it. */
export async function pingWebhook(url: string, calcom: CalcomSettings): Promise<readonly SchemaFault[]> {
  const body = JSON.stringify({ triggerEvent: 'PING', createdAt: new Date().toISOString(), payload: {} });
  const faultsIn = (answer: Answer, refused: Judgement): readonly SchemaFault[] => {
    const found = judge(answer, refused);
    return found ? [{ where: url, ...found }] : [];
  };

  if ('unsigned' in calcom) return faultsIn(await post(url, body, null), asksForSignature);
  for (const [index, secret] of calcom.secrets.entries()) {
    const which = calcom.secrets.length > 1 ? ` (piece ${index + 1})` : '';
    const faults = faultsIn(await post(url, body, signCalcom(secret, body)), wrongSecret(which));
    if (faults.length > 0) return faults;
  }
  const forged = await post(url, body, '0'.repeat(64));
  if (forged.kind === 'none' || forged.status >= 300) return [];
  return [
    {
      where: url,
      fault: 'It takes a webhook whose signature is wrong, so anybody who reaches it can book and cancel.',
      cure: 'Leave out CALCOM_UNSIGNED where that host runs, give it CALCOM_WEBHOOK_SECRET, and start it again.',
    },
  ];
}

type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly said: Said }
  | { readonly kind: 'none'; readonly code: string };
/** What Precall's own answers say, whether it went well or not. */
interface Said {
  readonly reason?: unknown;
  readonly detail?: unknown;
}

async function post(url: string, body: string, signature: string | null): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    ...(signature && { 'x-cal-signature-256': signature }),
  };
  const signal = AbortSignal.timeout(patienceMs);
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return { kind: 'answer', status: response.status, said: saidIn(await response.text()) };
  } catch (cause) {
    return { kind: 'none', code: codeOf(cause) };
  }
}

function saidIn(text: string): Said {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}

/** fetch hides the system's own code in a cause, or in the first of several. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no code';
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  if (cause.cause !== undefined) return codeOf(cause.cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

type Judgement = Pick<SchemaFault, 'fault' | 'cure'>;

/** Null: it answers as Precall does to a PING. `refused`: what Precall's own 401 means. */
function judge(answer: Answer, refused: Judgement): Judgement | null {
  if (answer.kind === 'none') return silence(answer.code);
  const { status, said } = answer;
  const detail = String(said.detail);
  if (status === 200 && said.reason === 'test_ping') return null;
  if (status === 401 && detail.includes('signature')) return refused;
  if (status === 500 && detail.includes('already consumed')) return parserInTheWay;
  if (status >= 300 && status < 400)
    return { fault: `It answers ${status} and sends elsewhere.`, cure: leadsTo };
  return judgements[status] ?? { fault: `It answers ${status}, which is not Precall's answer.`, cure: other };
}

const wrongSecret = (which: string): Judgement => ({
  fault: `It answers 401: the signature made with CALCOM_WEBHOOK_SECRET${which} is not the one that it expects.`,
  cure: "Give the host there the same secret as here, that of the webhook in Cal.com's settings, and start it again.",
});
const asksForSignature = {
  fault: 'It answers 401: it asks for a signature, though CALCOM_UNSIGNED is allow here.',
  cure: 'Give CALCOM_WEBHOOK_SECRET here as well, in its place.',
};
const parserInTheWay = {
  fault: 'It answers 500: a body parser is in the way, and the signed bytes are gone before Precall comes.',
  cure: 'Mount createPrecallRouter before express.json(), or use express.json({ verify: keepRawBody }).',
};

const leadsTo = 'Give the address that it leads to, here and in Cal.com.';
const other = 'Look what listens there, and what a proxy before it makes of a POST.';
const wholeAddress =
  'Give the whole address, such as https://precall.example.com/webhook/calcom-booking, with the prefix under which the router is mounted.';

const judgements: { readonly [status: number]: Judgement } = {
  404: { fault: 'It answers 404: there is no webhook at this path.', cure: wholeAddress },
  405: { fault: 'It answers 405: nothing can be posted to this path.', cure: wholeAddress },
  500: { fault: 'It answers 500: a fault of its own.', cure: "Read the host's log." },
  502: {
    fault: 'It answers 502: the proxy reaches no host behind it.',
    cure: 'Start the host, on the port that the proxy knows.',
  },
  503: {
    fault: 'It answers 503: it is starting or stopping, or its store is away.',
    cure: 'Ask its /readyz until it answers 200; if it never does, look after the store.',
  },
  504: {
    fault: 'It answers 504: the proxy waits for the host in vain.',
    cure: 'Look whether the host hangs.',
  },
};

function silence(code: string): Judgement {
  const fault = `It cannot be asked (${code}).`;
  if (code === 'ECONNREFUSED') {
    return { fault, cure: 'Start the host, or give the port on which it listens.' };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { fault, cure: "Mend the host's name, or its entry in the DNS." };
  }
  if (/CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code)) {
    return { fault, cure: 'Give the host a certificate that holds: Cal.com asks for one as well.' };
  }
  return { fault, cure: 'Look whether the host hangs, and whether a firewall lets you through.' };
}
