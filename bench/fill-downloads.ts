import { Catalog, emptyRun } from '../libs/catalog/index.js';
import { cropPath, fingerprint, imagesRoot, writeDurably } from '../libs/images/index.js';
import { trapCrops, unlike } from './crops.js';

const CROPS_PER_RUN = 12;
const PICTURES = 64;
const BEGIN_MS = Date.UTC(2026, 5, 1, 8);

/**
 * Puts classified crops with their files into the folder of a service that does not run.
 *
 * @returns the paths of the files
 */
export async function fillDownloads(dataDir: string, count: number): Promise<string[]> {
  const pictures = await trapCrops(PICTURES);
  const catalog = await Catalog.open({ dataDir });
  const paths: string[] = [];
  try {
    for (let first = 0; first < count; first += CROPS_PER_RUN) {
      const atMs = BEGIN_MS + first * 1000;
      const run = { trapId: `trap-${first % 7}`, runId: `run-${String(first).padStart(7, '0')}` };
      const crops = Array.from({ length: Math.min(CROPS_PER_RUN, count - first) }, (_, i) => {
        const cropId = String(i).padStart(6, '0');
        const bytes = unlike(pictures[(first + i) % PICTURES] as Buffer, first + i);
        const day = new Date(atMs).toISOString().slice(0, 10);
        const path = cropPath(imagesRoot(dataDir), { ...run, cropId }, day, 'jpg');
        return { cropId, bytes, path };
      });
      await writeDurably(crops);
      paths.push(...crops.map(({ path }) => path));
      await catalog.db.transaction().execute(async (tx) => {
        await tx
          .insertInto('runs')
          .values({
            ...emptyRun(run, atMs),
            state: 'complete',
            decide_at: null,
            stored_crops: crops.length,
          })
          .execute();
        await tx
          .insertInto('crops')
          .values(
            crops.map(({ cropId, bytes }) => ({
              trap_id: run.trapId,
              run_id: run.runId,
              crop_id: cropId,
              stage: 'done' as const,
              turn: 0 as const,
              format: 'jpg' as const,
              bytes: bytes.length,
              ...fingerprint(bytes),
              width: 250,
              height: 250,
              truncated: 0 as const,
              received_at: atMs,
            })),
          )
          .execute();
      });
    }
  } finally {
    await catalog.close();
  }
  return paths;
}
