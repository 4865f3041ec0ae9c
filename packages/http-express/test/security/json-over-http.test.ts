// S9 over the wire: the 318 files of JSONTestSuite, signed, through the router, the verifier, the reader, the parser and
// the store. The reader alone is held to them in core's strict-json.test.ts.
import { signCalcom } from '@precall/source-calcom';
import { afterEach, describe, expect, it } from 'vitest';
import { saying } from '../../../core/test/calcom-saying.ts';
import suite from '../../../core/test/vectors/json-test-suite.json' with { type: 'json' };
import { createWorld, secret } from '../../../core/test/world.ts';
import { closeHosts, host, path } from '../listening-host.ts';

type Vector = { readonly base64: string } | { readonly repeat: readonly (string | number)[] };
const bodies = Object.values<Vector>(suite).map((vector) => {
  if ('base64' in vector) return Buffer.from(vector.base64, 'base64');
  const [unit, times] = vector.repeat;
  return Buffer.from(String(unit).repeat(Number(times)));
});

afterEach(closeHosts);

describe('signed bodies that are no booking (S9)', () => {
  it('are answered 400 or 413, never 5xx and never taken in, and the next booking is', async () => {
    const world = createWorld({ scheduler: 'none' });
    const { base } = await host({ precall: world.precall });
    const send = async (body: Uint8Array<ArrayBuffer>) => {
      const headers = { 'content-type': 'application/json', 'x-cal-signature-256': signCalcom(secret, body) };
      return await fetch(base + path, { method: 'POST', headers, body });
    };
    expect(bodies).toHaveLength(318);
    for (const body of bodies) {
      const { status } = await send(new Uint8Array(body));
      expect(status).toBe(body.length > 64 * 1024 ? 413 : 400);
    }
    const list = async (kind: 'booking' | 'delivery') =>
      (await world.memory.list(kind, { limit: 1_000, cursor: null })).unwrap().items;
    expect(await list('booking')).toEqual([]);
    const different = new Set(
      bodies.filter(({ length }) => length <= 64 * 1024).map((body) => body.toString('hex')),
    );
    expect(await list('delivery')).toHaveLength(different.size);
    expect((await send(new Uint8Array(Buffer.from(JSON.stringify(saying('BOOKING_CREATED')))))).status).toBe(
      202,
    );
  });

  it('in any of the encodings and with any of the keys that poison are answered 4xx', async () => {
    const world = createWorld({ scheduler: 'none' });
    const { base } = await host({ precall: world.precall });
    const booking = JSON.stringify(saying('BOOKING_CREATED'));
    const spoilt = [
      booking.replace('{', '{"__proto__":{"admin":true},'),
      booking.replace('{', '{"constructor":{"prototype":{"admin":true}},'),
      booking.replace('"uid"', '"\\u005f_proto__":1,"uid"'),
      `\ufeff${booking}`,
    ];
    for (const text of spoilt) {
      const body = Buffer.from(text);
      const headers = { 'content-type': 'application/json', 'x-cal-signature-256': signCalcom(secret, body) };
      expect((await fetch(base + path, { method: 'POST', headers, body })).status).toBe(400);
    }
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });
});
