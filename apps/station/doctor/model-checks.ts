import sharp from 'sharp';
import { fail, ok, reasonOf, skipped, type Verdict, warn } from '../../../features/health/index.js';
import type { ModelPackage } from '../../../libs/classifier/index.js';
import type { Config } from '../../../libs/config/index.js';

const SIDE = 96;

/** The model that the service would use. `package` is undefined where there is none. */
export async function model(config: Config): Promise<{ package?: ModelPackage; verdict: Verdict }> {
  const { chooseModel } = await import('../choose-model.js');
  try {
    const found = await chooseModel(config);
    if (found?.card.demo)
      return {
        package: found,
        verdict: warn(
          `${found.key} knows drawn insects only, and no real one`,
          'Install a model: npm run trapline -- model install <name>; npm run trapline -- model list says which there are.',
        ),
      };
    if (found) return { package: found, verdict: ok(`${found.key} in ${found.folder}`) };
    return {
      verdict: warn(
        'no model is installed: crops are stored and wait',
        'npm run trapline -- model install <name>; npm run trapline -- model list says which there are.',
      ),
    };
  } catch (error) {
    return {
      verdict: fail(
        `the model cannot be used: ${reasonOf(error)}`,
        'npm run trapline -- model list says what is there.',
      ),
    };
  }
}

/** Loads it as the service does, and has it classify a picture that is made for the purpose. */
export async function classifier(found: ModelPackage | undefined, config: Config): Promise<Verdict> {
  if (!found) return skipped('there is no model');
  if (config.classifiers === 0) return skipped('TRAPLINE_CLASSIFIERS is 0: nothing is classified here');
  const { ClassifierPool } = await import('../../../libs/classifier/pool/classifier-pool.js');
  const hint =
    'npm run trapline -- model verify holds the model against its card; install it again if it fails.';
  try {
    const pool = await ClassifierPool.start(found, {
      processes: 1,
      rewrites: config.optimiseModels,
      onBatch: () => {},
    });
    try {
      const startedAt = performance.now();
      const result = await pool.classifyImage(await picture());
      const ms = Math.round(performance.now() - startedAt);
      if (result.state === 'failed')
        return fail(`a picture could not be classified: ${result.message}`, hint);
      const sum = result.ranked.reduce((all, { probability }) => all + probability, 0);
      return sum > 0 && sum <= 1.001
        ? ok(`it loads, and classifies a picture in ${ms} ms`)
        : fail(`its probabilities add up to ${sum}`, hint);
    } finally {
      await pool.close();
    }
  } catch (error) {
    return fail(`it does not load: ${reasonOf(error)}`, hint);
  }
}

/** Stripes: no model mistakes them for nothing at all. */
function picture(): Promise<Buffer> {
  const pixels = Buffer.from(Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 37) % 251));
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg()
    .toBuffer();
}
