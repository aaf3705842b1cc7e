import { expect, it } from '@jest/globals';
import { pino } from 'pino';
import { NEVER_LOGGED } from './redacted-fields.js';

it('keeps secrets out of the log, wherever in an entry they stand', () => {
  const lines: string[] = [];
  const log = pino({ redact: NEVER_LOGGED }, { write: (line: string) => void lines.push(line) });
  log.info({ password: 'hunter2', name: 'anna' }, 'one');
  log.info({ headers: { authorization: 'Bearer hunter2', access_token: 'hunter2' } }, 'two');
  log.info({ request: { headers: { authorization: 'hunter2' } }, answer: { token: 'hunter2' } }, 'three');
  expect(lines).toHaveLength(3);
  expect(lines.join('')).toContain('anna');
  expect(lines.join('')).not.toContain('hunter2');
});
