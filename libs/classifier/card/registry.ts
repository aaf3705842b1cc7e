import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { NAME_PATTERN } from '../../domain/index.js';
import { ModelError, reason } from './model-error.js';

const entrySchema = z
  .strictObject({
    name: z.string().max(64).regex(NAME_PATTERN),
    url: z.url({ protocol: /^https?$/ }),
    /** The same bytes elsewhere: tried in this order where `url` fails. */
    mirrors: z.array(z.url({ protocol: /^https?$/ })).optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    gitBlob: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .optional(),
    bytes: z.number().int().positive().optional(),
    card: z.string().min(1),
  })
  .refine((entry) => entry.sha256 ?? entry.gitBlob, 'needs sha256 or gitBlob');
const registrySchema = z.strictObject({ models: z.array(entrySchema) });

/** A public model that can be installed by its name. `card` is the absolute folder of its card. */
type RegistryEntry = z.output<typeof entrySchema>;

/**
 * Reads models/registry.json; folders of cards in it are relative to it.
 *
 * @throws ModelError `card-invalid`
 */
export async function readRegistry(path: string): Promise<RegistryEntry[]> {
  try {
    const { models } = registrySchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return models.map((entry) => ({ ...entry, card: resolve(dirname(path), entry.card) }));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : reason(error);
    throw new ModelError('card-invalid', `${path} is not a valid registry: ${what}`);
  }
}
