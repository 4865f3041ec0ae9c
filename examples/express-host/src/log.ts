// The host's log: JSON lines, or plain lines where somebody watches. No name, no address and no booking's uid go into it.
import pino from 'pino';
import type { LogLevel } from './configuration.ts';

export function createLog(level: LogLevel): pino.Logger {
  const options: pino.LoggerOptions = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return process.stdout.isTTY ? pino(options, { write: writePlain }) : pino(options);
}

function writePlain(line: string): void {
  const { time, level, msg }: { time: string; level: number; msg: string } = JSON.parse(line);
  process.stdout.write(`${time} ${pino.levels.labels[level] ?? level} ${msg}\n`);
}

/** Where something was thrown, without its message: that may name somebody. */
export function framesOf(cause: unknown): readonly string[] {
  const lines = cause instanceof Error ? (cause.stack ?? '').split('\n') : [];
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('at '));
}
