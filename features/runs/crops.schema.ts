import { z } from 'zod';
import type { Classification, ClassifiedCrop, Detection } from '../../libs/domain/index.js';
import { MEDIA_TYPE } from '../../libs/store/index.js';
import {
  count,
  deviceIso,
  extraFields,
  instant,
  iso,
  isoOrNull,
  type Links,
  link,
  sha256,
  share,
} from '../http/index.js';
import { NAMES } from '../taxa/index.js';
import { EXAMPLE_RUN, RUN } from './runs.schema.js';

const DETECTION = z
  .strictObject({
    at: instant().nullable(),
    confidence: share().nullable(),
    box: z.array(z.number()).length(4).nullable(),
  })
  .meta({
    id: 'Detection',
    description: "What the trap's detector said. `box`: xMin, yMin, xMax, yMax, relative to the frame",
  });

/** A label that a model ranks, with the taxon that it stands for. */
const RANKED_LABEL = { label: z.string(), taxon: z.string().optional(), names: NAMES.optional() };

const CLASSIFICATION = z
  .strictObject({
    ranked: z.array(z.strictObject({ ...RANKED_LABEL, probability: share() })).max(5),
    code: z.string().optional().meta({ description: 'Why it has no labels' }),
    classifiedAt: instant(),
  })
  .meta({ id: 'Classification', description: "The model's answer: its five best labels" });

const CROP = z
  .strictObject({
    cropId: z.string(),
    bytes: count(),
    sha256: sha256(),
    mediaType: z.string(),
    width: count(),
    height: count(),
    truncated: z.boolean().meta({ description: 'The file ends before its image does' }),
    receivedAt: instant(),
    removed: z.boolean().meta({ description: 'Its picture was removed for good; what is known of it stays' }),
    removedAt: instant().nullable(),
    damagedAt: instant().nullable().meta({
      description:
        'Since when its picture is known to be missing or damaged on the disk: null once it is back, and where it is whole',
    }),
    detection: DETECTION.nullable(),
    classification: CLASSIFICATION.nullable(),
    links: z.strictObject({ image: link(), thumbnail: link() }),
  })
  .meta({ id: 'Crop', description: 'One picture of the insect' });

const RANKING = z.array(
  z.strictObject({
    ...RANKED_LABEL,
    probability: share().meta({ description: 'By which it was ranked: what the verdict was decided from' }),
    top1Crops: count(),
    top1ProbMean: share(),
    top1ProbWeighted: share(),
  }),
);

/** One run with all that is known of it. */
export const RUN_IN_FULL = RUN.extend({
  ranking: RANKING.meta({
    description:
      'The labels between which the model decided, best first: those with votes, and others that came close',
  }),
  extra: extraFields().optional().meta({ description: 'What else the trap said; for editors' }),
  crops: z.array(CROP).meta({ description: 'In time order' }),
}).meta({ id: 'RunInFull' });

const EXAMPLE_LABEL = {
  label: 'honeybee',
  taxon: 'Apis mellifera',
  names: { en: 'Western honey bee', de: 'Westliche Honigbiene' },
};

export const EXAMPLE_RUN_IN_FULL: z.output<typeof RUN_IN_FULL> = {
  ...EXAMPLE_RUN,
  ranking: [
    { ...EXAMPLE_LABEL, probability: 0.83, top1Crops: 11, top1ProbMean: 0.91, top1ProbWeighted: 0.83 },
  ],
  crops: [
    {
      cropId: '0001',
      bytes: 23_771,
      sha256: '2b1f0a5f6f7d7b1c3a9c9f3f0f4d4f1f6c0f2a1b3c4d5e6f708192a3b4c5d6e7',
      mediaType: 'image/jpeg',
      width: 214,
      height: 208,
      truncated: false,
      receivedAt: '2026-06-01T08:00:01.240Z',
      removed: false,
      removedAt: null,
      damagedAt: null,
      detection: { at: '2026-06-01T08:00:00.400Z', confidence: 0.71, box: [0.41, 0.32, 0.52, 0.47] },
      classification: {
        ranked: [
          { ...EXAMPLE_LABEL, probability: 0.94 },
          { label: 'hoverfly', probability: 0.03 },
        ],
        classifiedAt: '2026-06-01T08:00:02.010Z',
      },
      links: {
        image: '/api/v1/runs/meadow-1/20260601_100000-17/crops/0001',
        thumbnail: '/api/v1/runs/meadow-1/20260601_100000-17/crops/0001/thumbnail',
      },
    },
  ],
};

const LABELS_SHOWN = 5;

/** One crop with what the trap's detector and the model reported about it. */
export function presentCrop(crop: ClassifiedCrop, links: Links): z.output<typeof CROP> {
  return {
    cropId: crop.cropId,
    bytes: crop.bytes,
    sha256: crop.sha256,
    mediaType: MEDIA_TYPE[crop.format],
    width: crop.width,
    height: crop.height,
    truncated: crop.truncated,
    receivedAt: iso(crop.receivedAtMs),
    removed: crop.removedAtMs !== null,
    removedAt: isoOrNull(crop.removedAtMs),
    damagedAt: crop.removedAtMs === null ? isoOrNull(crop.damagedAtMs) : null,
    detection: crop.detection && presentDetection(crop.detection),
    classification: crop.classification && presentClassification(crop.classification),
    links: { image: links.crop(crop), thumbnail: links.thumbnail(crop) },
  };
}

function presentDetection({ atMs, confidence, box, entry }: Detection) {
  if (atMs === null && confidence === null && box === null) return null;
  return { at: deviceIso(atMs, entry['at']), confidence, box: box && [...box] };
}

const presentClassification = ({ ranked, code, classifiedAtMs }: Classification) => ({
  ranked: ranked.slice(0, LABELS_SHOWN),
  code: code ?? undefined,
  classifiedAt: iso(classifiedAtMs),
});
