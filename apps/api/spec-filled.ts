import { createHash } from 'node:crypto';
import {
  type Catalog,
  counted,
  leaveInbox,
  type NewCrop,
  putDeadLetter,
  putManifest,
  putObservation,
  putSession,
  putTelemetry,
  saveClassifications,
  storeCrops,
  updateRun,
  updateTrap,
} from '../../libs/catalog/index.js';
import { type CropId, cropKey, type RunId } from '../../libs/domain/index.js';
import {
  cropPath,
  fingerprint,
  imagesRoot,
  Journal,
  type JournalPlace,
  journalFolder,
  setAsideFolder,
  writeDurably,
} from '../../libs/images/index.js';

export const JUNE_1 = Date.UTC(2026, 5, 1, 8);
export const MODEL = 'small-1';

/** Bytes that are the same nowhere else, so that an answer with the wrong ones shows. */
export function bytesOf(crop: CropId): Buffer {
  const seed = createHash('sha512').update(cropKey(crop)).digest();
  return Buffer.concat(Array.from({ length: 11 }, () => seed)).subarray(0, 700);
}

/** Stores crops as a trap's message does: their bytes are in the inbox then. */
export async function putCrops(
  catalog: Catalog,
  dataDir: string,
  run: RunId,
  cropIds: readonly string[],
  atMs = JUNE_1,
): Promise<void> {
  const journal = new Journal(journalFolder(dataDir));
  const places = await journal.append(cropIds.map((cropId) => bytesOf({ ...run, cropId })));
  await journal.close();
  const crops = cropIds.map((cropId, i): NewCrop => {
    const crop = { ...run, cropId };
    const bytes = bytesOf(crop);
    return {
      ...crop,
      ...(places[i] as JournalPlace),
      bytes: bytes.length,
      format: 'jpg',
      ...fingerprint(bytes),
      width: 30,
      height: 20,
      truncated: false,
      receivedAtMs: atMs,
    };
  });
  await catalog.db.transaction().execute((tx) => storeCrops(tx, crops, atMs));
}

/** Gives a crop its plain file, as the inbox is emptied. */
export async function fileCrop(catalog: Catalog, dataDir: string, crop: CropId): Promise<string> {
  const path = cropPath(imagesRoot(dataDir), crop, new Date(JUNE_1).toISOString().slice(0, 10), 'jpg');
  await writeDurably([{ path, bytes: bytesOf(crop) }], setAsideFolder(dataDir));
  await catalog.db.transaction().execute((tx) => leaveInbox(tx, [crop]));
  return path;
}

export async function observeRun(catalog: Catalog, run: RunId, label: string, insect = true): Promise<void> {
  await catalog.db.transaction().execute(async (tx) => {
    const observation = {
      trap_id: run.trapId,
      run_id: run.runId,
      model: MODEL,
      label,
      taxon: insect ? 'Apis mellifera' : null,
      rank: insect ? 'species' : null,
      taxon_group: insect ? 'bees' : null,
      insect: insect ? (1 as const) : (0 as const),
      probability: 0.9,
      top1_prob_mean: 0.9,
      top1_crops: 2,
      crops: 2,
      unsure: 0 as const,
      reason: null,
      rolled_up: 0 as const,
      ranking: JSON.stringify([{ label, top1Crops: 2, top1ProbMean: 0.9, top1ProbWeighted: 0.9 }]),
      final: 1 as const,
      revision: 1,
      observed_at: JUNE_1,
    };
    await putObservation(tx, observation);
    await updateRun(tx, run, { ...counted(observation), state: 'complete', complete_because: 'all-crops' });
  });
}

/** One trap at a known place with a run of two crops, a session, a reading and a refused message. */
export async function fillMeadow(catalog: Catalog, dataDir: string): Promise<void> {
  const run = { trapId: 'meadow-1', runId: 'run-1' };
  const { db } = catalog;
  await putCrops(catalog, dataDir, run, ['0001', '0002']);
  await fileCrop(catalog, dataDir, { ...run, cropId: '0001' });
  await db.transaction().execute(async (tx) => {
    await putManifest(tx, run, [
      { ...run, cropId: '0001', atMs: JUNE_1, confidence: 0.7, box: [0.1, 0.2, 0.3, 0.4], entry: {} },
    ]);
    const ranked = ['honeybee', 'hoverfly', 'b', 'c', 'd', 'e'].map((label, at) => ({
      label,
      probability: 0.9 / (at + 1),
    }));
    await saveClassifications(tx, MODEL, [{ ...run, cropId: '0001', ranked }], JUNE_1);
    await updateRun(tx, run, {
      start_ms: JUNE_1,
      start_offset_min: 120,
      end_ms: JUNE_1 + 7000,
      extra: '{"site":"47.12345, 8.54321"}',
    });
  });
  await observeRun(catalog, run, 'honeybee');
  const info = {
    v: 1,
    software: 'insect-detect 2',
    latitude: 47.12345,
    longitude: 8.54321,
    gps: '47.12345N',
  };
  const place = { name: 'Meadow', time_zone: 'Europe/Zurich', latitude: 47.12345, longitude: 8.54321 };
  await updateTrap(
    db,
    'meadow-1',
    { ...place, info: JSON.stringify(info), state: 'online', last_message_at: JUNE_1 },
    JUNE_1,
  );
  const readings = { v: 1, at: '2026-06-01T08:00:00Z', batteryPct: 80, gps: '47.12345N' };
  await putTelemetry(db, {
    trap_id: 'meadow-1',
    at_ms: JUNE_1,
    clock_suspect: 0,
    payload: JSON.stringify(readings),
    received_at: JUNE_1,
  });
  await putSession(db, {
    trap_id: 'meadow-1',
    session_id: 'day-1',
    start_ms: JUNE_1,
    end_ms: JUNE_1 + 3_600_000,
    offset_min: 120,
    minutes: null,
    clock_suspect: 0,
    payload: '{"v":1,"start":"x","gps":"47.12345N"}',
    received_at: JUNE_1,
  });
  await putDeadLetter(
    db,
    {
      topic: 'traps/v1/meadow-1/runs/run-1/crops/0003',
      code: 'not-an-image',
      message: 'is no image',
      bytes: Buffer.from('<svg onload=alert(1)>'),
      keepBytes: 1024,
    },
    JUNE_1,
  );
}
