export { DownloadsModule } from './downloads.module.js';
export { factsOf, fileName, filterText } from './file-name.js';
export { Archives } from './images/archives.service.js';
export { CropContents, type PlaceOf } from './images/crop-contents.js';
export { sendZip } from './images/send-zip.js';
export {
  type Cell,
  type Column,
  type CsvFormat,
  csvFormat,
  csvHeader,
  csvRows,
  exactCsvRows,
} from './tables/csv.js';
export { entryTimeMs } from './tables/local-time.js';
