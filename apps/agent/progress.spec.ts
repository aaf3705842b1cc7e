import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { showProgress } from './progress.js';

const terminal = (columns: number) => Object.assign(new PassThrough(), { isTTY: true, columns });

describe('showProgress', () => {
  it('stays on one line of the terminal, however narrow that is', () => {
    const out = terminal(20);
    showProgress(() => '1 of 5 sessions, 12 of about 300 crops', out as unknown as NodeJS.WriteStream)();
    expect(String(out.read())).toBe('\r\x1b[K1 of 5 sessions, 12\n');
  });
});
