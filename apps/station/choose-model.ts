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

/**
 * The model that classifies: the one that `TRAPLINE_MODEL` names, otherwise the only one that is installed.
 *
 * @returns undefined where none is installed: crops are stored and wait
 * @throws ModelError where the model is not what its card says, or where several are installed and none is named
 */
export async function chooseModel(
  config: Pick<Config, 'dataDir' | 'model'>,
): Promise<ModelPackage | undefined> {
  const folders = modelFolders(config);
  if (config.model) return openModel(await findModel(config.model, folders));
  const installed = (await listModels(folders)).filter((model) => model.installed);
  if (installed.length > 1) {
    throw new ModelError(
      'model-missing',
      `several models are installed (${installed.map(({ name }) => name).join(', ')}): set TRAPLINE_MODEL to the name of one`,
    );
  }
  return installed[0] && openModel(installed[0].folder);
}
