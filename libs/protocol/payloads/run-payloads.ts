import { z } from 'zod';
import {
  anyNumber,
  atLeastZero,
  box,
  id,
  listOf,
  message,
  names,
  oneOf,
  sha256,
  text,
  textOrNumber,
  time,
  unit,
  whole,
  yesNo,
} from './fields.js';

export const meta = message({
  session: id().optional(),
  /** As the trap's tracker counts; starts anew in every session. */
  trackId: textOrNumber().optional(),
  start: time(),
  end: time().optional(),
  durationS: atLeastZero().optional(),
  /** Crops that the trap means to send, as far as it knows yet. */
  crops: whole(0).optional(),
});

/** One line of a manifest: a crop that the trap has sent, and what its detector and camera said. */
export const manifestLine = z.looseObject(
  {
    crop: id(),
    sha256: sha256().optional(),
    bytes: whole(1).optional(),
    at: time().optional(),
    confidence: unit().optional(),
    box: box().optional(),
    trackStatus: text().optional(),
    lensPosition: anyNumber().optional(),
    isoSensitivity: anyNumber().optional(),
    exposureTimeMs: anyNumber().optional(),
  },
  { error: 'must be an object with the id of a crop' },
);

export const end = message({
  status: oneOf(['complete', 'aborted']),
  end: time(),
  /** All crops of the run, whatever part of the manifest this is. */
  crops: whole(0),
  /** The manifest comes in so many `end`s, of which this is one. */
  parts: whole(1).optional(),
  manifest: listOf(manifestLine).optional(),
});

export const receipt = message({
  state: oneOf(['incomplete', 'complete', 'rejected']),
  have: whole(0),
  missing: listOf(id()),
  rejected: listOf(z.looseObject({ crop: id(), code: text() })),
  /** There when `missing` names only as many as fit. */
  missingTotal: whole(1).optional(),
  rejectedTotal: whole(1).optional(),
  at: time(),
});

/** The observation of one run. `trap` and `run` are told because `last` has no run in its topic. */
export const result = message({
  trap: id().optional(),
  run: id().optional(),
  label: text(),
  taxon: text().optional(),
  rank: text().optional(),
  group: text().optional(),
  /** What people call it, in English and German; absent where no name is known. */
  names: names().optional(),
  probability: unit(),
  insect: yesNo().optional(),
  unsure: yesNo(),
  reason: text().optional(),
  /** The taxon stands in for labels that alone were unsure. */
  rolledUp: yesNo().optional(),
  /** A person has looked: the verdict is that person's, whatever the model said. */
  reviewed: yesNo().optional(),
  crops: whole(0),
  model: text(),
  /** False while crops of the run are still expected. */
  final: yesNo(),
  /** Grows with every change of the same run. */
  revision: whole(1),
  at: time().optional(),
});
