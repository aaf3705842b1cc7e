export { Archives } from './archives.service.js';
export { CropContents, type PlaceOf } from './crop-contents.js';
export {
  type Cell,
  type Column,
  type CsvFormat,
  csvFormat,
  csvHeader,
  csvRows,
  exactCsvRows,
} from './csv.js';
export { DownloadsModule } from './downloads.module.js';
export { factsOf, fileName, filterText } from './file-name.js';
export { entryTimeMs } from './local-time.js';
export { sendZip } from './send-zip.js';
