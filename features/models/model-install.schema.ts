import { z } from 'zod';
import { count, onlyTheseFields } from '../http/index.js';

const REGISTERED = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    licence: z.string(),
    commercial: z.boolean().meta({ description: 'Its licence does not exclude commercial use' }),
    bytes: count().nullable(),
    labels: count(),
    installed: z.boolean(),
    active: z.boolean(),
  })
  .meta({ id: 'RegisteredModel', description: 'A public model that can be installed by its name' });
export const REGISTRY = z.strictObject({ items: z.array(REGISTERED) });
export const EXAMPLE_REGISTERED: z.output<typeof REGISTERED> = {
  name: 'efficientnet-b0-insect-detect',
  title: 'efficientnet-b0-insect-detect',
  description: '27 classes of a flower platform in Central Europe',
  licence: 'AGPL-3.0',
  commercial: true,
  bytes: 16_284_113,
  labels: 27,
  installed: false,
  active: false,
};

export const INSTALL = onlyTheseFields({
  name: z.string({ error: 'must be the name of a model of the registry' }),
});
const instantText = () => z.iso.datetime({ offset: true, error: 'must be a time with zone' });
export const RECLASSIFY = onlyTheseFields({
  trap: z.string({ error: 'must be the id of a trap' }).optional(),
  from: instantText().optional(),
  to: instantText().optional(),
});
