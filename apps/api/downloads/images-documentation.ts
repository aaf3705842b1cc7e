import { type Documentation, empty, file } from '../openapi/documented.js';
import { ARCHIVE_HEADERS, RANGE_HEADERS } from './download-headers.js';

const ANSWERS: Documentation['answers'] = {
  200: file('application/zip', 'The archive', { headers: ARCHIVE_HEADERS }),
  206: file('application/zip', 'The part that was asked for', {
    headers: { ...ARCHIVE_HEADERS, 'Content-Range': 'Which part' },
  }),
  304: empty('Nothing has changed since'),
};

const HOW = `Stored, not deflated: \`<date>/<trap>/<run>/<crop>.jpg\`, \`runs.csv\` and \`README.txt\`. Its length is known, and its
list stays as it is: a download that broke off is resumed with \`Range\` for 24 hours, also while new pictures come.`;

export const IMAGES_ZIP: Documentation = {
  tag: 'Downloads',
  summary: 'Pictures as a ZIP',
  description: HOW,
  answers: ANSWERS,
  headers: RANGE_HEADERS,
  problems: [416, 507],
};

export const IMAGES_OF_RUN_ZIP: Documentation = {
  tag: 'Downloads',
  summary: 'The pictures of one run as a ZIP',
  description: HOW,
  answers: ANSWERS,
  headers: RANGE_HEADERS,
  problems: [416, 507],
};
