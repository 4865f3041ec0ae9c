// A sender that never stops sending, a byte a second: its time counts from its first byte, not from its last.
import { createMemoryClock } from '@precall/adapter-memory';
import { Temporal } from '@precall/core';
import { afterEach, expect, it } from 'vitest';
import { closeHosts, host, post, watched } from '../listening-host.ts';

afterEach(closeHosts);

it('a body that comes a byte a second is answered 408 after ten seconds, and the line is cut', async () => {
  const time = createMemoryClock(Temporal.Instant.from('2026-11-23T12:00:00Z'));
  const { clock, waiting } = watched(time);
  const { connect, received } = await host({ clock });
  const { socket, until, ended } = await connect();
  socket.write(post(['content-length: 100'], 'x'));
  await waiting;
  for (let second = 0; second < 10; second += 1) {
    socket.write('x');
    await time.advance(Temporal.Duration.from({ seconds: 1 }));
  }
  expect(await until(/"status"/)).toMatch(/^HTTP\/1\.1 408 .*connection: close/is);
  await time.advance(Temporal.Duration.from({ seconds: 1 }));
  await ended;
  expect(received).toEqual([]);
});
