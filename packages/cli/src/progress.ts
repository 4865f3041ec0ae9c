// A line on standard error about what takes long: none within the first second, then at most five a second.

export interface Progress {
  /** `count` things of `what` are done. */
  tell(count: number, what: string): void;
  /** Ends the line, if there is one. */
  done(): void;
}

const quietMs = 1_000;
const betweenMs = 200;

export function createProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  let nextMs = Date.now() + quietMs;
  let isShown = false;
  return {
    tell(count, what) {
      const nowMs = Date.now();
      if (nowMs < nextMs) return;
      nextMs = nowMs + (out.isTTY ? betweenMs : quietMs);
      isShown = true;
      const line = `${count.toLocaleString('en')} ${what} ...`;
      out.write(out.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    },
    done() {
      if (isShown && out.isTTY) out.write('\r\u001b[K');
      isShown = false;
    },
  };
}
