import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { NEVER_LOGGED } from '../api/accounts/never-logged.js';

/** Lines of JSON for programs, readable lines on a terminal. */
export function openLog(level: string): Logger {
  const options = {
    level,
    base: undefined,
    redact: NEVER_LOGGED,
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  if (!process.stdout.isTTY) return pino(options, pino.destination({ dest: 1, sync: true }));
  return pino(options, pretty({ sync: true, ignore: 'pid,hostname' }));
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
