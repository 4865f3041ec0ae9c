// The page's regions as they change, to every browser that looks: server-sent events.
import type { ServerResponse } from 'node:http';
import { renderRegions } from './page.ts';
import type { ReadScene } from './scene.ts';

export interface LiveFeed {
  /** Sends every region at once, then each one that changed, until the browser goes away. */
  join(response: ServerResponse): void;
  /** Ends every stream. */
  close(): void;
}

const lookEveryMs = 200;
/** More than a person has open; each costs a file descriptor. */
const watchersAtMost = 50;

export function createLiveFeed({ readScene }: { readonly readScene: ReadScene }): LiveFeed {
  const watchers = new Map<ServerResponse, Map<string, string>>();
  let timer: NodeJS.Timeout | null = null;

  return {
    join(response) {
      if (watchers.size >= watchersAtMost) return void response.writeHead(503).end();
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 1000\n\n');
      watchers.set(response, new Map());
      response.on('close', () => watchers.delete(response));
      timer ??= setTimeout(look, 0);
    },
    close() {
      if (timer) clearTimeout(timer);
      for (const response of watchers.keys()) response.end();
      watchers.clear();
    },
  };

  /** Looks as long as somebody watches. */
  async function look(): Promise<void> {
    const regions = renderRegions(await readScene(), null);
    for (const [response, seen] of watchers) {
      for (const [name, markup] of Object.entries(regions)) {
        if (seen.get(name) === markup) continue;
        seen.set(name, markup);
        response.write(`event: ${name}\ndata: ${JSON.stringify(markup)}\n\n`);
      }
    }
    timer = watchers.size > 0 ? setTimeout(look, lookEveryMs) : null;
  }
}
