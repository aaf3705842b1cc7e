import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { microsOf } from '../folder/time/taken-at.js';
import { publishedAs, SessionState } from './session-state.js';

const folder = mkdtempSync(join(tmpdir(), 'trapline-state-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RUN = '20260503T130000-12-1';
const IDS = ['20260503T130001.000000', '20260503T130002.000000', '20260503T130003.000000'] as const;
const crop = (cropId: string) => ({ cropId, taken: { micros: microsOf(cropId) as number } });
const settled = (state: SessionState) => IDS.filter((id) => state.run(RUN).isSettled(crop(id)));

async function write(name: string): Promise<SessionState> {
  const state = await SessionState.open(folder, name);
  await state.note({ v: 1, session: '20260503T130000-12' });
  await state.note({ run: RUN, acked: [IDS[0], IDS[1]] });
  await state.note({ run: RUN, missing: [IDS[1]] });
  await state.note({ run: RUN, rejected: [[IDS[2], 'not-an-image']] });
  return state;
}

describe('SessionState', () => {
  it('knows after a restart what was acknowledged, missing and refused', async () => {
    await (await write('a')).close();
    const again = await SessionState.open(folder, 'a');
    expect([again.sessionId, settled(again), again.run(RUN).isDone]).toEqual([
      '20260503T130000-12',
      [IDS[0], IDS[2]],
      false,
    ]);
  });

  it('loses only a line that a power cut has left half, and writes on behind it', async () => {
    await (await write('b')).close();
    appendFileSync(join(folder, 'b.jsonl'), `{"run":"${RUN}","acked":["2026`);
    const again = await SessionState.open(folder, 'b');
    await again.note({ run: RUN, acked: [IDS[1]] });
    await again.close();
    expect(settled(await SessionState.open(folder, 'b'))).toEqual([...IDS]);
  });

  it('is written anew when all is published, with the same in it, and says how the folder looked', async () => {
    const state = await write('c');
    await state.note({ run: RUN, acked: [IDS[1]] });
    await state.note({ run: RUN, done: true });
    await state.note({ said: '{}' });
    expect(await publishedAs(folder, 'c')).toBeUndefined();
    await state.finish('look-1');
    expect(readFileSync(join(folder, 'c.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(4);
    expect(await publishedAs(folder, 'c')).toEqual({ signature: 'look-1', unread: 0 });
    const again = await SessionState.open(folder, 'c');
    expect([settled(again), again.run(RUN).isDone, again.said]).toEqual([[...IDS], true, '{}']);
    // Something new has come.
    await again.note({ run: RUN, done: false });
    await again.close();
    expect(await publishedAs(folder, 'c')).toBeUndefined();
    expect(settled(await SessionState.open(folder, 'c'))).toEqual([...IDS]);
  });

  it('is not disturbed by a second agent that ends in the same moment', async () => {
    const both = await Promise.all([write('d'), write('d')]);
    for (const state of both) await state.note({ run: RUN, acked: [IDS[1]], done: true });
    await Promise.all(both.map((state) => state.finish('look-1')));
    expect(await publishedAs(folder, 'd')).toEqual({ signature: 'look-1', unread: 0 });
    expect(readdirSync(folder).filter((name) => name.startsWith('d.'))).toEqual(['d.jsonl']);
  });

  it('knows nothing of a session that nobody has published', async () => {
    expect(await publishedAs(folder, 'none')).toBeUndefined();
  });
});
