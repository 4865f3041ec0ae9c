// Who came and who did not, said and read as JSON.
import { Err } from '@precall/core';
import { createHttp } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenDesk, givenPrecall, plainRequest } from './given-precall.ts';
import { createOperatorWorld, update } from './operator-world.ts';

const line = 'POST /operator/api/bookings/calcom%3Au1/attendance';
const ana = 'u1@example.com';
const saying = (body: unknown) => ({ body: new TextEncoder().encode(JSON.stringify(body)) });

async function begun() {
  const world = await createOperatorWorld({ authorize: () => ({ user: 'ada' }) });
  await world.say(update('u1'));
  await world.at('2026-12-03T15:40:00Z');
  const came = async () => (await world.booking('u1')).attendees.map((one) => [one.status, one.came]);
  return { world, came };
}

describe('POST /operator/api/bookings/{id}/attendance', () => {
  it('says that somebody did not come, or came after all, and who said so', async () => {
    const { world, came } = await begun();
    expect(await came()).toEqual([['attending', null]]);
    const answer = await world.ask(line, saying({ email: ` ${ana} `, came: false }));
    expect(answer).toMatchObject({ status: 200, body: JSON.stringify({ email: ana, came: false }) });
    expect(await came()).toEqual([['no_show', false]]);
    await world.ask(line, saying({ email: ana, came: true }));
    expect(await came()).toEqual([['attending', true]]);
    const { history } = await world.booking('u1');
    const said = history.filter(({ what }) => what === 'no_show' || what === 'attended');
    expect(said.map(({ what, detail }) => [what, detail.by])).toEqual([
      ['no_show', 'ada'],
      ['attended', 'ada'],
    ]);
  });

  it.each<[string, string, unknown, number, string]>([
    ['no such person', line, { email: 'bob@example.com', came: true }, 404, 'not on the booking'],
    ['no such booking', line.replace('u1', 'u2'), { email: ana, came: true }, 404, 'No such booking'],
    ['no booking id', line.replace('calcom%3A', ''), { email: ana, came: true }, 404, 'No such booking'],
    ['a word for a yes', line, { email: ana, came: 'yes' }, 400, '"came": false'],
    ['nothing at all', line, null, 400, '"came": false'],
  ])('refuses %s, and says what it is', async (_what, asked, body, status, detail) => {
    const { world } = await begun();
    const answer = await world.ask(asked, saying(body));
    expect({ status: answer.status, detail: JSON.parse(answer.body).detail }).toEqual({
      status,
      detail: expect.stringContaining(detail),
    });
  });

  it('refuses a call that has not begun, what is no JSON, and a page of somebody else', async () => {
    const world = await createOperatorWorld();
    await world.say(update('u1'));
    const early = await world.ask(line, saying({ email: ana, came: true }));
    expect(early).toMatchObject({ status: 409, body: expect.stringContaining('has not begun') });
    expect(await world.ask(line, { body: new TextEncoder().encode('{') })).toMatchObject({ status: 400 });
    expect(await world.ask(line, { body: 'too_large' })).toMatchObject({ status: 413 });
    const headers = { 'sec-fetch-site': ['cross-site'] };
    expect(await world.ask(line, { ...saying({ email: ana, came: true }), headers })).toMatchObject({
      status: 403,
    });
  });

  it('is 503 while the store is away', async () => {
    const desk = givenDesk({ mark: async () => Err({ kind: 'unavailable', reason: 'away' }) });
    const http = createHttp({ precall: givenPrecall({ desk }), operator: { authorize: () => 'yes' } });
    expect(await http(plainRequest(line, saying({ email: ana, came: true })))).toMatchObject({ status: 503 });
  });
});
