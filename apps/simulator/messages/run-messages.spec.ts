import { beforeAll, describe, expect, it } from '@jest/globals';
import type { MessageOf } from '../../../libs/protocol/index.js';
import { type Message, parseMessage } from '../../../libs/protocol/parse.js';
import { DrawnPictures } from '../pictures/drawn-pictures.js';
import type { Run, Season, Session } from '../season/season.js';
import { seasonOf, sessionIn } from '../season/sessions.js';
import { type CropBytes, cropBytes } from './crop-bytes.js';
import type { Outgoing } from './outgoing.js';
import { runMessages } from './run-messages.js';

const pictures = new DrawnPictures(1);
const season: Season = seasonOf({
  seed: 'messages',
  trapIds: ['t1'],
  kinds: pictures.kinds,
  days: 8,
  untilMs: Date.UTC(2026, 5, 20, 22),
  runsPerSession: 6,
  timeZone: 'Europe/Berlin',
  faults: true,
  spike: false,
});

interface Sent {
  readonly run: Run;
  readonly crops: readonly CropBytes[];
  readonly messages: readonly Outgoing[];
}
let all: Sent[];
beforeAll(async () => {
  const sessions: Session[] = season.periods.map((period) => sessionIn(season, 't1', period));
  all = await Promise.all(
    sessions.flatMap(({ clock, runs }) =>
      runs.map(async (run) => {
        const crops = await cropBytes(run, pictures);
        return { run, crops, messages: runMessages(season, clock, run, crops) };
      }),
    ),
  );
});

const read = ({ topic, payload }: Outgoing) => parseMessage(topic, Buffer.from(payload));

describe('the messages of a run', () => {
  it('keep to the contract, but for those that must be refused', () => {
    for (const message of all.flatMap(({ messages }) => messages)) {
      if (message.refusedAs === 'bad-json' || message.refusedAs === 'empty')
        expect(() => read(message)).toThrow(expect.objectContaining({ code: message.refusedAs }));
      else expect(read(message)).toMatchObject({ trapId: 't1' });
    }
  });

  it('bring every crop that is an image, as it is, and announce them all', () => {
    for (const { run, crops, messages } of all) {
      const taken = messages.filter(({ refusedAs }) => !refusedAs).map(read);
      const end = taken.find(({ kind }) => kind === 'end') as MessageOf<'end'>;
      expect(end.payload).toMatchObject({ crops: run.crops.length });
      for (const { crop, bytes } of crops.filter(({ crop }) => crop.damage !== 'zeros')) {
        const isWhole = (message: Message) =>
          message.kind === 'crop' && message.cropId === crop.cropId && bytes.equals(message.bytes);
        expect(taken.some(isWhole)).toBe(true);
      }
    }
  });

  it('send the two versions of a crop one after the other, so that it is known which stays', () => {
    const versions = all.flatMap(({ crops, messages }) =>
      crops.filter(({ other }) => other).map(({ crop, other }) => ({ crop, other, messages })),
    );
    expect(versions.length).toBeGreaterThan(5);
    for (const { crop, other, messages } of versions) {
      const wrong = messages.find(({ payload }) => payload === other);
      expect(wrong).toMatchObject({
        alone: true,
        refusedAs: crop.damage === 'other-bytes-first' ? 'hash-mismatch' : 'crop-conflict',
      });
    }
  });

  it('come in disorder and twice where that is asked for', () => {
    const first = ({ messages }: Sent) => (messages[0] as Outgoing).topic.split('/').at(-1);
    expect(all.filter(({ run }) => !run.faults.shuffled).map(first)).not.toContain('end');
    expect(all.filter(({ run }) => run.faults.shuffled).map(first)).toContain('end');
    const repeated = all.filter(({ run }) => run.faults.repeated > 0);
    for (const { messages } of repeated) expect(new Set(messages).size).toBeLessThan(messages.length);
    expect(repeated.length).toBeGreaterThan(5);
  });
});
