import type { z } from 'zod';
import type { cropsOfRun } from '../../libs/catalog/index.js';
import type { RunId } from '../../libs/domain/index.js';
import { MEDIA_TYPE } from '../../libs/images/index.js';
import type { CROP } from './crop-schema.js';
import type { Links } from './links.js';
import { deviceIso, iso, isoOrNull } from './show.js';

type CropRow = Awaited<ReturnType<typeof cropsOfRun>>[number];
type Ranked = readonly { readonly label: string; readonly probability: number }[];

const LABELS_SHOWN = 5;

/** One crop with what the model and the trap's detector said of it. */
export function cropView(run: RunId, row: CropRow, links: Links): z.output<typeof CROP> {
  return {
    cropId: row.crop_id,
    bytes: row.bytes,
    sha256: row.sha256,
    mediaType: MEDIA_TYPE[row.format],
    width: row.width,
    height: row.height,
    truncated: row.truncated === 1,
    receivedAt: iso(row.received_at),
    removed: row.removed_at !== null,
    removedAt: isoOrNull(row.removed_at),
    damagedAt: row.removed_at === null ? isoOrNull(row.damaged_at) : null,
    detection: detectionView(row),
    classification: classificationView(row),
    links: {
      image: links.crop({ ...run, cropId: row.crop_id }),
      thumbnail: links.thumbnail({ ...run, cropId: row.crop_id }),
    },
  };
}

function detectionView({ at_ms, confidence, box, entry }: CropRow) {
  if (at_ms === null && confidence === null && box === null) return null;
  const { at } = JSON.parse(entry ?? '{}') as { readonly at?: unknown };
  return {
    at: deviceIso(at_ms, at),
    confidence,
    box: box === null ? null : (JSON.parse(box) as number[]),
  };
}

/** `code` says why a crop has no labels. */
function classificationView({ ranked, code, classified_at }: CropRow) {
  if (classified_at === null) return null;
  const labels = JSON.parse(ranked ?? '[]') as Ranked;
  return { ranked: labels.slice(0, LABELS_SHOWN), code: code ?? undefined, classifiedAt: iso(classified_at) };
}
