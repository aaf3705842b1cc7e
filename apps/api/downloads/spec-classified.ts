import {
  type Catalog,
  putManifest,
  type RunRow,
  saveClassifications,
  storeCrops,
  updateRun,
} from '../../../libs/catalog/index.js';
import type { RunId } from '../../../libs/domain/index.js';
import { fingerprint } from '../../../libs/images/index.js';
import { JUNE_1, MODEL } from '../spec-filled.js';

export interface ClassifiedCrop {
  readonly cropId: string;
  readonly atMs?: number;
  readonly confidence?: number;
  readonly box?: readonly number[];
  /** What else the trap said of it. */
  readonly entry?: Record<string, unknown>;
  /** Best first; left out where it is not classified. */
  readonly ranked?: readonly { readonly label: string; readonly probability: number }[];
}

/** A run whose crops have been through the model; their bytes are nobody's business here. */
export async function putClassified(
  catalog: Catalog,
  run: RunId,
  crops: readonly ClassifiedCrop[],
  columns: Partial<RunRow> = {},
): Promise<void> {
  await catalog.db.transaction().execute(async (tx) => {
    const stored = crops.map(({ cropId }) => ({
      ...run,
      cropId,
      bytes: 5,
      segment: 'none',
      position: 0,
      format: 'jpg' as const,
      ...fingerprint(Buffer.from(cropId)),
      width: 1,
      height: 1,
      truncated: false,
      receivedAtMs: JUNE_1,
    }));
    await storeCrops(tx, stored, JUNE_1);
    const told = crops.filter(({ atMs, confidence, box, entry }) => atMs ?? confidence ?? box ?? entry);
    await putManifest(
      tx,
      run,
      told.map(({ ranked: _, entry = {}, ...crop }) => ({ ...run, ...crop, entry })),
    );
    const spoken = crops.flatMap(({ cropId, ranked }) => (ranked ? [{ ...run, cropId, ranked }] : []));
    await saveClassifications(tx, MODEL, spoken, JUNE_1);
    await updateRun(tx, run, { model: MODEL, label: 'any', state: 'complete', ...columns });
  });
}
