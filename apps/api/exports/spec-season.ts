import {
  type Catalog,
  counted,
  deploy,
  holdRun,
  holdTrap,
  leaveInbox,
  type ObservationsTable,
  putManifest,
  putObservation,
  putSession,
  saveClassifications,
  setTrap,
  storeCrops,
  takeInfo,
  touchTraps,
  updateRun,
} from '../../../libs/catalog/index.js';
import { parseCard } from '../../../libs/classifier/index.js';
import { placeInTime, type RunId } from '../../../libs/domain/index.js';
import {
  cropPath,
  fingerprint,
  imagesRoot,
  setAsideFolder,
  writeDurably,
} from '../../../libs/images/index.js';
import { reviewRun } from '../../../test/fixtures/reviewed.js';
import { bytesOf } from '../spec-filled.js';

const HOUR = 3_600_000;
export const MAY_1 = Date.UTC(2026, 4, 1, 6);
export const KEY = 'meadow-insects-2';
export const MEADOW = { latitude: -33.86785, longitude: -70.20732 };

/** A model with a label of each kind. */
export const CARD = parseCard({
  schema: 1,
  id: 'meadow-insects',
  version: '2',
  file: { path: 'model.onnx', sha256: 'abcdef0123456789'.repeat(4) },
  input: { name: 'i', layout: 'NCHW', dtype: 'float32', height: 8, width: 8, color: 'RGB', batch: 1 },
  preprocess: {
    geometry: 'stretch',
    resample: 'cv2-linear',
    rescale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  output: { name: 'o', kind: 'logits' },
  licence: 'CC0-1.0',
  citation: 'Made by a test.',
  source: 'here',
  labels: [
    {
      id: 'honeybee',
      taxon: 'Apis mellifera',
      rank: 'species',
      kind: 'taxon',
      names: { en: 'Honey bee', de: 'Honigbiene' },
      lineage: [
        { rank: 'class', taxon: 'Insecta' },
        { rank: 'order', taxon: 'Hymenoptera' },
        { rank: 'family', taxon: 'Apidae' },
      ],
    },
    { id: 'fly', taxon: 'Diptera', rank: 'order', kind: 'taxon', names: { en: 'Fly' } },
    { id: 'fly_small', taxon: 'Diptera', rank: 'order', kind: 'taxon', names: { en: 'Small fly' } },
    { id: 'syrphine', taxon: 'Syrphini', rank: 'tribe', kind: 'taxon', names: { en: 'A hoverfly' } },
    { id: 'other', kind: 'other', names: { en: 'Other' } },
    { id: 'none_bg', kind: 'non_insect', names: { en: 'Background' } },
    { id: 'none_bird', kind: 'non_insect', names: { en: 'Bird' } },
  ].map((label, index) => ({ ...label, index })),
});

export const MODEL = { card: CARD, folder: '', modelPath: '', key: KEY };

interface SeasonRun extends RunId {
  readonly atMs: number;
  /** What its pictures show; null = not classified. */
  readonly crops: readonly (readonly [label: string | null, probability: number])[];
  readonly observed?: Partial<ObservationsTable> & { readonly label: string };
  readonly columns?: Parameters<typeof updateRun>[2];
  /** A start that the trap has told. */
  readonly start?: { readonly ms: number; readonly offsetMin: number };
}

const RUNS: readonly SeasonRun[] = [
  run(
    'bee',
    2,
    [
      ['honeybee', 1.000009],
      ['honeybee', 0.9],
      ['fly', 0.6],
    ],
    { label: 'honeybee', probability: 0.64 },
  ),
  run('unsure', 3, [['fly', 0.3]], { label: 'fly', unsure: 1, probability: 0.3, reason: 'low-probability' }),
  run('nothing', 4, [['none_bg', 0.99]], { label: 'none_bg', insect: 0, taxon: null, rank: null }),
  run('bird', 5, [['none_bird', 0.97]], { label: 'none_bird', insect: 0, taxon: null, rank: null }),
  run('open', 6, [[null, 0]], undefined, { state: 'open' }),
  run('tribe', 7, [['syrphine', 0.8]], { label: 'syrphine', taxon: 'Syrphini', rank: 'tribe' }),
  run('nameless', 8, [['other', 0.8]], { label: 'other', taxon: null, rank: null }),
  run('reviewed', 9, [['fly', 0.9]], { label: 'fly', taxon: 'Diptera', rank: 'order' }),
  run('small-fly', 10, [['fly_small', 0.9]], { label: 'fly_small', taxon: 'Diptera', rank: 'order' }),
  run('backwards', 11, [], undefined, { end_ms: MAY_1 }),
  {
    ...run('wrong-clock', 12, [['fly', 0.9]], { label: 'fly', taxon: 'Diptera', rank: 'order' }),
    columns: {
      clock_suspect: 1,
      at_ms: placeInTime(undefined, MAY_1 + 12 * HOUR),
      start_ms: Date.UTC(2099, 0, 1),
      start_sent: '2099-01-01T00:00:00Z',
      duration_s: 2.5,
    },
  },
  { trapId: 'nowhere-1', runId: 'lost', atMs: MAY_1 + 13 * HOUR, crops: [['honeybee', 0.9]] },
  { trapId: 'never-noted', runId: 'r', atMs: MAY_1 + 14 * HOUR, crops: [] },
];

function run(
  runId: string,
  hours: number,
  crops: SeasonRun['crops'],
  observed?: SeasonRun['observed'],
  columns: SeasonRun['columns'] = {},
): SeasonRun {
  const start = { ms: MAY_1 + hours * HOUR + 123, offsetMin: -240 };
  return { trapId: 'meadow-1', runId, atMs: start.ms, crops, start, ...(observed && { observed }), columns };
}

/** A season with one run of each kind that an export must know what to do with. */
export async function fillSeason(catalog: Catalog, dataDir: string): Promise<void> {
  await placeTraps(catalog);
  for (const each of RUNS) await putRun(catalog, dataDir, each);
  const removed = { trapId: 'meadow-1', runId: 'bee', cropId: '0002' };
  await catalog.db
    .updateTable('crops')
    .set({ removed_at: MAY_1 + 400 * HOUR })
    .where('run_id', '=', removed.runId)
    .where('crop_id', '=', removed.cropId)
    .execute();
  await reviewRun(
    catalog,
    { trapId: 'meadow-1', runId: 'reviewed' },
    {
      verdict: 'relabel',
      label: 'Volucella_zonaria',
      taxon: 'Volucella zonaria',
      by_name: '=anna()',
      comment: 'by the old oak',
      at_ms: MAY_1 + 500 * HOUR + 999,
    },
  );
  const session = { trap_id: 'meadow-1', offset_min: -240, clock_suspect: 0 as const, payload: '{}' };
  await putSession(catalog.db, {
    ...session,
    session_id: 's-1',
    start_ms: MAY_1 + HOUR,
    end_ms: MAY_1 + 3 * HOUR,
    minutes: 117.5,
    received_at: MAY_1,
  });
  await putSession(catalog.db, {
    ...session,
    session_id: 's-2',
    start_ms: MAY_1 + 5 * HOUR,
    end_ms: null,
    minutes: null,
    received_at: MAY_1,
  });
}

async function placeTraps({ db }: Catalog): Promise<void> {
  const info = { name: '=cmd()', timeZone: 'America/Santiago', camera: 'OAK-1', ...MEADOW };
  await db.transaction().execute(async (tx) => {
    await takeInfo(tx, 'meadow-1', info, JSON.stringify(info), MAY_1);
    await setTrap(tx, 'meadow-1', { notes: 'the key is under the stone' }, MAY_1);
    await holdTrap(tx, 'nowhere-1', MAY_1);
    // It was moved after nine hours, and taken in after eleven.
    const moved = { trap_id: 'meadow-1', deployment_id: 'hill', said_by: 'editor' as const };
    await deploy(
      tx,
      {
        ...moved,
        start_ms: MAY_1 + 9 * HOUR,
        end_ms: MAY_1 + 11 * HOUR,
        latitude: -33.5,
        longitude: -70.5,
        uncertainty_m: 7,
        time_zone: 'America/Santiago',
        name: 'Hill, "north"',
        camera_height_m: 0.5,
        camera_tilt_deg: -90,
        bait: 0,
        notes: 'ask at\nthe farm',
        set_up_by: 'R. Muster',
      },
      MAY_1,
    );
  });
  await touchTraps(db, new Map([['nowhere-1', MAY_1 + 13 * HOUR]]));
}

async function putRun(
  catalog: Catalog,
  dataDir: string,
  { crops, observed, ...row }: SeasonRun,
): Promise<void> {
  const { trapId, runId, atMs, start, columns } = row;
  const key = { trapId, runId };
  const ids = crops.map((_, i) => ({ ...key, cropId: String(i + 1).padStart(4, '0') }));
  const day = new Date(atMs).toISOString().slice(0, 10);
  await writeDurably(
    ids.map((crop) => ({ path: cropPath(imagesRoot(dataDir), crop, day, 'jpg'), bytes: bytesOf(crop) })),
    setAsideFolder(dataDir),
  );
  await catalog.db.transaction().execute(async (tx) => {
    await holdRun(tx, key, atMs);
    if (ids.length) {
      const image = {
        format: 'jpg' as const,
        width: 9,
        height: 9,
        truncated: false,
        receivedAtMs: atMs + 1000,
      };
      const place = { segment: 's', position: 0, bytes: 704 };
      await storeCrops(
        tx,
        ids.map((crop) => ({
          ...crop,
          ...image,
          ...place,
          ...fingerprint(bytesOf(crop)),
          bytes: bytesOf(crop).length,
        })),
        atMs,
      );
      await leaveInbox(tx, ids);
      const seen = ids.flatMap((crop, i) => {
        const [label, probability] = crops[i] as readonly [string | null, number];
        return label === null
          ? []
          : [
              {
                ...crop,
                ranked: [
                  { label, probability },
                  { label: 'zzz', probability: 0.01 },
                ],
              },
            ];
      });
      if (seen.length) await saveClassifications(tx, KEY, seen, atMs + 5000);
      if (start)
        await putManifest(
          tx,
          key,
          ids.map((crop, i) => ({
            ...crop,
            atMs: start.ms + i * 1500,
            confidence: 0.7,
            box: [0.1, 0.2, 0.3, 0.4],
            entry: {},
          })),
        );
    }
    await updateRun(tx, key, {
      day,
      state: 'complete',
      at_ms: atMs,
      session_id: 's-1',
      track_id: '7',
      ...(start && {
        start_ms: start.ms,
        start_offset_min: start.offsetMin,
        start_sent: new Date(start.ms).toISOString(),
        end_ms: start.ms + 3000,
        end_offset_min: start.offsetMin,
      }),
      ...columns,
    });
    if (observed) await observe(tx, key, atMs, crops.length, observed);
  });
}

async function observe(
  tx: Parameters<typeof putObservation>[0],
  { trapId, runId }: RunId,
  atMs: number,
  crops: number,
  observed: NonNullable<SeasonRun['observed']>,
): Promise<void> {
  const row = {
    trap_id: trapId,
    run_id: runId,
    model: KEY,
    taxon: 'Apis mellifera',
    rank: 'species',
    taxon_group: null,
    insect: 1 as const,
    probability: 0.9,
    top1_prob_mean: 0.9,
    top1_crops: Math.max(1, crops - 1),
    crops,
    unsure: 0 as const,
    reason: null,
    rolled_up: 0 as const,
    ranking: '[]',
    final: 1 as const,
    revision: 1,
    observed_at: atMs + 6789,
    ...observed,
  };
  await putObservation(tx, row);
  await updateRun(tx, { trapId, runId }, counted(row));
}
