// SIGTERM and SIGINT: stop cleanly; at once when somebody insists.

/** Some starters pass one signal on twice: only a second one this much later means it. */
const insistingMs = 1_000;

/** Runs `stop` once, then ends the process with 0; a second signal ends it with 1 however far `stop` has come. */
export function onStopSignals(stop: () => Promise<void>): void {
  let firstAtMs: number | null = null;

  function hear(): void {
    const nowMs = performance.now();
    if (firstAtMs === null) {
      firstAtMs = nowMs;
      void stop().then(() => process.exit(0));
    } else if (nowMs - firstAtMs >= insistingMs) process.exit(1);
  }
  process.on('SIGTERM', hear).on('SIGINT', hear);
}
