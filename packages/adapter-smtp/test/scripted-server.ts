// An SMTP server that says what a script tells it to, and breaks off where the script says so.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** `cut`: the connection is destroyed in place of a reply. `silence`: there is none. */
export type Reply = string | 'cut' | 'silence';

/** One reply for every time, or one for each time in turn, the last for all that follow. */
type Replies = Reply | readonly [Reply, ...Reply[]];

/** By what the client has just done; `dot` is the end of the message. */
export interface Script {
  readonly greeting?: Reply;
  readonly EHLO?: Replies;
  readonly STARTTLS?: Replies;
  readonly AUTH?: Replies;
  readonly MAIL?: Replies;
  readonly RCPT?: Replies;
  readonly DATA?: Replies;
  readonly dot?: Replies;
  /** Stops reading once so much of a message has come, and cuts. */
  readonly cutAfterBytes?: number;
}

export interface ScriptedServer {
  readonly port: number;
  /** Every command, and `.` for each message that came to its end, oldest first. */
  readonly heard: readonly string[];
  stop(): Promise<void>;
}

const usual = {
  greeting: '220 script',
  EHLO: '250 script',
  STARTTLS: '502 no',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  RSET: '250 ok',
  QUIT: '221 bye',
  dot: '250 taken',
};

/** One script for each connection in turn; the last goes for all that follow. */
export async function startScriptedServer(...scripts: readonly Script[]): Promise<ScriptedServer> {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const script = scripts[sockets.length] ?? scripts.at(-1) ?? {};
    sockets.push(socket);
    converse(socket, script, heard);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    heard,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function converse(socket: Socket, script: Script, heard: string[]): void {
  const { greeting, dot, cutAfterBytes = Number.POSITIVE_INFINITY, ...commands } = { ...usual, ...script };
  const replies = new Map<string, readonly Reply[]>(
    Object.entries({ ...commands, '.': dot }).map(([verb, said]) => [verb, [said].flat()]),
  );
  let unread = '';
  let isInMessage = false;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    unread += chunk.toString('latin1');
    if (isInMessage && unread.length >= cutAfterBytes) {
      socket.destroy();
      return;
    }
    for (;;) {
      const end = unread.indexOf(isInMessage ? '\r\n.\r\n' : '\r\n');
      if (end < 0 || socket.destroyed) return;
      const line = isInMessage ? '.' : unread.slice(0, end);
      unread = unread.slice(end + (isInMessage ? 5 : 2));
      heard.push(line);
      const verb = line.split(' ')[0] ?? '';
      const reply = next(verb);
      isInMessage = verb === 'DATA' && reply.startsWith('354');
      say(reply);
    }
  });
  say(greeting);

  function next(verb: string): Reply {
    const [first = '500 what', ...rest] = replies.get(verb) ?? [];
    if (rest.length > 0) replies.set(verb, rest);
    return first;
  }

  function say(reply: Reply): void {
    if (reply === 'cut') socket.destroy();
    else if (reply !== 'silence') socket.write(`${reply}\r\n`);
  }
}
