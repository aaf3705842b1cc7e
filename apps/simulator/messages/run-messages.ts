import { buildMessage, cropMessage, endMessages, topicOf } from '../../../libs/protocol/index.js';
import { Random } from '../random.js';
import type { Run, Season, TrapClock } from '../season/season.js';
import { timeText } from '../season/timetable.js';
import type { CropBytes } from './crop-bytes.js';
import type { Outgoing } from './outgoing.js';

/**
 * All messages of a run in the order in which they go out, with what goes wrong on the way. After them the service has
 * every crop but those that are no images, once, and the run is complete.
 */
export function runMessages(
  { seed, timeZone }: Season,
  clock: TrapClock,
  run: Run,
  crops: readonly CropBytes[],
): Outgoing[] {
  const chance = new Random(seed, 'messages', run.trapId, run.runId);
  const say = (atMs: number) => timeText(clock, atMs, timeZone);
  const ends = endsOf(run, crops, say);
  const usual = [metaMessage(run, say), ...crops.flatMap((crop) => firstOf(run, crop)), ...ends];
  const inOrder = run.faults.shuffled ? chance.shuffled(usual) : usual;
  const again = Array.from({ length: run.faults.repeated }, () => chance.pick(usual));
  return [
    ...inOrder,
    ...(run.faults.brokenMeta ? [brokenMeta(run)] : []),
    ...again,
    ...crops.flatMap((crop) => laterOf(run, crop)),
  ];
}

type Say = (atMs: number) => string;

function metaMessage(run: Run, say: Say): Outgoing {
  return buildMessage('meta', run, {
    session: run.sessionId,
    trackId: run.trackId,
    start: say(run.startMs),
    end: say(run.endMs),
    durationS: Math.round((run.endMs - run.startMs) / 1000),
    crops: run.crops.length,
  });
}

function endsOf(run: Run, crops: readonly CropBytes[], say: Say): Outgoing[] {
  return endMessages(
    run,
    { status: 'complete', end: say(run.endMs), crops: crops.length },
    crops.map(({ crop, bytes, sha256 }) => ({
      crop: crop.cropId,
      // Where the manifest says which bytes are right, others are no conflict but a mismatch.
      sha256: crop.damage === 'other-bytes-later' ? undefined : sha256,
      bytes: bytes.length,
      at: say(crop.atMs),
      confidence: crop.confidence,
      box: [...crop.box] as [number, number, number, number],
      trackStatus: 'TRACKED',
    })),
  );
}

/** What is sent of a crop together with the rest of its run. */
function firstOf(run: Run, { crop, bytes }: CropBytes): Outgoing[] {
  const ids = { trapId: run.trapId, runId: run.runId, cropId: crop.cropId };
  const message = cropMessage(ids, bytes);
  if (crop.damage === 'zeros') return [{ ...message, refusedAs: 'not-an-image' }];
  if (crop.damage === 'empty-first') return [{ ...message, payload: Buffer.alloc(0), refusedAs: 'empty' }];
  return crop.damage === 'other-bytes-first' ? [] : [message];
}

/** What comes when the service has everything else of the run, the manifest too. */
function laterOf(run: Run, { crop, bytes, other }: CropBytes): Outgoing[] {
  const ids = { trapId: run.trapId, runId: run.runId, cropId: crop.cropId };
  const right = { ...cropMessage(ids, bytes), alone: true };
  if (crop.damage === 'empty-first') return [right];
  if (!other) return [];
  return crop.damage === 'other-bytes-first'
    ? [{ ...right, payload: other, refusedAs: 'hash-mismatch' }, right]
    : [{ ...right, payload: other, refusedAs: 'crop-conflict' }];
}

/** What a power cut leaves of a file. */
function brokenMeta(run: Run): Outgoing {
  return { topic: topicOf.meta(run), payload: Buffer.alloc(64), retain: false, refusedAs: 'bad-json' };
}
