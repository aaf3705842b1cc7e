import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  findModel,
  listModels,
  ModelError,
  type ModelPackage,
  openModel,
} from '../../libs/classifier/index.js';
import type { Config } from '../../libs/config/index.js';

/** The models that came with the program. The compiled file lies in `dist/apps/station/`. */
export const OWN_MODELS = fileURLToPath(new URL('../../../models/', import.meta.url));

/** Where models are looked for: first those that were installed, then our own. */
export const modelFolders = (config: Pick<Config, 'dataDir'>): string[] => [
  join(config.dataDir, 'models'),
  OWN_MODELS,
];

/** As `TRAPLINE_MODEL`: classify nothing. */
export const NO_MODEL = 'none';

/** The model that classifies with these settings. See {@link chooseAmong}. */
export const chooseModel = (config: Pick<Config, 'dataDir' | 'model'>): Promise<ModelPackage | undefined> =>
  chooseAmong(modelFolders(config), config.model);

/**
 * The model that classifies: the one that `TRAPLINE_MODEL` names, otherwise the only one that is installed, and until
 * one is, the demo model.
 *
 * @returns undefined where there is to be none: crops are stored and wait
 * @throws ModelError where the model is not what its card says, or where several are installed and none is named
 */
export async function chooseAmong(
  folders: readonly string[],
  named: string | undefined,
): Promise<ModelPackage | undefined> {
  if (named === NO_MODEL) return undefined;
  if (named) return openModel(await findModel(named, folders));
  const all = (await listModels(folders)).filter((model) => model.installed);
  const installed = all.filter(({ card }) => !card?.demo);
  if (installed.length > 1) {
    throw new ModelError(
      'model-missing',
      `several models are installed (${installed.map(({ name }) => name).join(', ')}): set TRAPLINE_MODEL to the name of one`,
    );
  }
  const [only] = installed.length > 0 ? installed : all;
  return only && openModel(only.folder);
}
