import { z } from 'zod';
import { anyNumber, id, message, names, oneOf, text, time, unit, whole, yesNo } from './fields.js';

/** Why a message was set aside. */
export const problem = message({ topic: text(), code: text(), message: text(), at: time() });

/** Counts of the day that it is at the trap; for Home Assistant and others that keep no catalog. */
export const today = message({
  /** `2026-06-01`, by the clock of the trap. */
  day: text(),
  /** Runs that show an insect. */
  visits: whole(0),
  at: time(),
});

export const config = message({
  revision: whole(1),
  settings: z.record(z.string(), z.unknown(), { error: 'must be an object of settings' }),
});

export const configApplied = message({
  revision: whole(1),
  ok: yesNo(),
  message: text().optional(),
  at: time().optional(),
});

/** Whatever else the command needs stands beside `do`: `resend` names a `run` and may name `crops`. */
export const command = message({
  do: text(),
  run: id().optional(),
  crops: z.array(id(), { error: 'must be a list of crop ids' }).optional(),
});

export const commandAnswer = message({ ok: yesNo(), message: text().optional(), at: time().optional() });

/** An episode of unusual activity, or a first sighting. The same `id` comes again with every change. */
export const alert = message({
  id: text(),
  state: oneOf(['opened', 'updated', 'closed', 'withdrawn']),
  trap: id().optional(),
  group: text().optional(),
  groupNames: names().optional(),
  taxon: text().optional(),
  names: names().optional(),
  /** One sentence for people, in English and German. Hours are those of the trap. */
  text: names().optional(),
  rank: text().optional(),
  kind: oneOf(['ever', 'season', 'return']).optional(),
  run: id().optional(),
  lastBefore: time().optional(),
  firstAnywhere: yesNo().optional(),
  start: time(),
  end: time().optional(),
  count: anyNumber().optional(),
  expected: anyNumber().optional(),
  upper: anyNumber().optional(),
  score: anyNumber().optional(),
  pValue: unit().optional(),
  reason: text().optional(),
  evidence: z.unknown().optional(),
  at: time(),
});
