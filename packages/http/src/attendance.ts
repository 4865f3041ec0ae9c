// Who came to a call and who did not, as an operator says it: the buttons of a booking's page, as JSON.
import type { BookingId, Clock, Desk } from '@precall/core';
import { rawBody } from './delivery.ts';
import { refusalSentence } from './pages/words.ts';
import { json, type PlainRequest, type PlainResponse, portProblem, problem } from './plain.ts';

/** Of an address and its JSON. */
const limitBytes = 4_096;

/** `{ "email": "...", "came": true }` in; 200 once that is saved. */
export async function answerAttendance(
  request: PlainRequest,
  { id, by, desk, clock }: { id: BookingId; by: string; desk: Pick<Desk, 'mark'>; clock: Clock },
): Promise<PlainResponse> {
  const body = await rawBody(request, limitBytes, clock);
  if (!(body instanceof Uint8Array)) return body;
  const said = saidIn(body);
  if (!said) {
    const detail = 'The body is JSON such as { "email": "ada@example.com", "came": false }.';
    return problem({ status: 400, detail });
  }
  const marked = await desk.mark(id, { ...said, by });
  if (marked.isErr()) return portProblem(marked.error);
  if (marked.value === 'done') return json(200, said);
  const { refused } = marked.value;
  const isUnknown = refused === 'no_such_booking' || refused === 'no_such_person';
  return problem({ status: isUnknown ? 404 : 409, detail: refusalSentence(refused) ?? refused });
}

function saidIn(body: Uint8Array): { readonly email: string; readonly came: boolean } | null {
  try {
    const { email, came }: { readonly email?: unknown; readonly came?: unknown } =
      JSON.parse(Buffer.from(body).toString()) ?? {};
    return typeof email === 'string' && typeof came === 'boolean' ? { email: email.trim(), came } : null;
  } catch {
    return null;
  }
}
