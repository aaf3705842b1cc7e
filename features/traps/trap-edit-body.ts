import type { z } from 'zod';
import { onlyTheseFields } from '../http/index.js';
import { line, note, place, timeZone } from './deployments/deployments.schema.js';

/** What an editor says of a trap: what is left out stays as it is, null leaves it to the trap again. */
export const TRAP_EDIT = onlyTheseFields({
  name: line().nullish(),
  timeZone: timeZone().nullish(),
  place: place().nullish(),
  notes: note().nullish(),
});

export const EXAMPLE_TRAP_EDIT: z.input<typeof TRAP_EDIT> = {
  name: 'Meadow',
  timeZone: 'Europe/Zurich',
  place: { latitude: 47.12345, longitude: 8.54321, uncertaintyM: 10 },
  notes: 'The key is at the mill.',
};
