import { type Documentation, file } from '../openapi/documented.js';
import { EXAMPLE_RUN } from '../run-schema.js';
import { DOWNLOAD_HEADERS as headers } from './download-headers.js';

const STREAMS =
  'It grows while it is read: its length is not known beforehand, and a broken one is begun anew.';

export const RUNS_CSV: Documentation = {
  tag: 'Downloads',
  summary: 'Runs as CSV',
  description: `One row per run, newest first, with the verdict that counts, place and effort. ${STREAMS}`,
  answers: {
    200: file('text/csv', 'One row per run', {
      headers,
      example: 'trapId,trapName,runId,…\nmeadow-1,Meadow,20260601_100000-17,…\n',
    }),
  },
};

export const RUNS_NDJSON: Documentation = {
  tag: 'Downloads',
  summary: 'Runs as lines of JSON',
  description: `Each line is a run as the list of runs has it. ${STREAMS}`,
  answers: {
    200: file('application/x-ndjson', 'One run per line', {
      headers,
      example: `${JSON.stringify(EXAMPLE_RUN)}\n`,
    }),
  },
};

export const CROPS_CSV: Documentation = {
  tag: 'Downloads',
  summary: "Crops as CSV, in insect-detect's columns",
  description: `The metadata of insect-detect with its classification: its post-processing reads it. Times are those of the trap's clock. ${STREAMS}`,
  answers: {
    200: file('text/csv', 'One row per classified crop', {
      headers,
      example:
        'device_id,session_id,timestamp,label,confidence,track_id,…\nmeadow-1,20260601T080000-12,2026-06-01T10:00:00.000000,insect,0.87,17,…\n',
    }),
  },
};

export const TOP1_FINAL_CSV: Documentation = {
  tag: 'Downloads',
  summary: "Runs as CSV, as insect-detect's post-processing makes them",
  description: `What \`process_metadata.py\` makes of \`crops.csv\`: by the model alone, whatever people have said. ${STREAMS}`,
  answers: {
    200: file('text/csv', 'One row per classified run', {
      headers,
      example: 'cam_ID,rec_ID,date,track_ID,…\nmeadow-1,20260601T080000-12,2026-06-01,17,…\n',
    }),
  },
};
