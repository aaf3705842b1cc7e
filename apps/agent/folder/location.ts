import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ifThere } from './crops/crop-files.js';
import { kindOf } from './entry-names.js';
import type { CardContents } from './session-folder.js';

export interface Location {
  readonly latitude: number;
  readonly longitude: number;
}

/** The part of insect-detect's configuration that says where the trap stands; degrees are WGS 84. */
const CONFIG = z.looseObject({
  deployment: z.looseObject({
    location: z.looseObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
    }),
  }),
});
const SELECTOR = z.looseObject({ config_active: z.string().regex(/^[^/\\]+$/) });

/**
 * Where insect-detect's own configuration says that the trap stands: the copy of it that the newest session keeps, else
 * the configuration itself, in `configs` beside the data folder.
 *
 * @returns undefined where it does not say
 */
export async function locationOf({ sessions, roots }: CardContents): Promise<Location | undefined> {
  const newest = sessions.at(-1);
  for (const path of newest?.paths ?? []) {
    const names = (await readdir(path).catch(() => [])).filter((name) => kindOf(name).is === 'config');
    for (const name of names.sort()) {
      const found = locationIn(await contentOf(join(path, name)));
      if (found) return found;
    }
  }
  for (const root of roots) {
    const configs = join(root, '..', 'configs');
    const selected = SELECTOR.safeParse(await contentOf(join(configs, 'config_selector.yaml')));
    if (!selected.success) continue;
    const found = locationIn(await contentOf(join(configs, basename(selected.data.config_active))));
    if (found) return found;
  }
  return undefined;
}

/** JSON is YAML too. @returns undefined where there is no such file, or it cannot be read */
async function contentOf(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8').catch(ifThere);
    return text === undefined ? undefined : parse(text);
  } catch {
    return undefined;
  }
}

function locationIn(content: unknown): Location | undefined {
  const parsed = CONFIG.safeParse(content);
  if (!parsed.success) return undefined;
  const { latitude, longitude } = parsed.data.deployment.location;
  // A receiver without a fix says 0/0.
  return latitude === 0 && longitude === 0 ? undefined : { latitude, longitude };
}
