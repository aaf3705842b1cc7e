import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { NEVER_LOGGED } from '../../features/accounts/index.js';

/** What cannot be written waits, up to so many bytes; the rest is dropped. */
const HELD_BYTES = 1024 * 1024;

/** Lines of JSON for programs, readable lines on a terminal. */
export function openLog(level: string): Logger {
  const options = {
    level,
    base: undefined,
    redact: NEVER_LOGGED,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const destination = patientDestination(1);
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  if (!process.stdout.isTTY) return pino(options, destination);
  return pino(options, pretty({ destination, ignore: 'pid,hostname' }));
}

/** A log that nobody reads any more, or on a full disk, is no reason to stop taking crops. @param dest file or descriptor */
export function patientDestination(dest: string | number) {
  const destination = pino.destination({ dest, sync: true, maxLength: HELD_BYTES });
  destination.on('error', () => {});
  return destination;
}

/** Nest's own words: its troubles as they are, the rest for those who debug. */
export const nestLog = (log: Logger): LoggerService => ({
  log: (message: unknown, context?: unknown) => log.debug({ context }, String(message)),
  warn: (message: unknown, context?: unknown) => log.warn({ context }, String(message)),
  error: (message: unknown, trace?: unknown, context?: unknown) =>
    log.error({ trace, context }, String(message)),
  debug: (message: unknown, context?: unknown) => log.trace({ context }, String(message)),
  verbose: (message: unknown, context?: unknown) => log.trace({ context }, String(message)),
  fatal: (message: unknown, context?: unknown) => log.fatal({ context }, String(message)),
});
