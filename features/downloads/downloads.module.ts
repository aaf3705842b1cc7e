import { Archives } from './archives.service.js';
import { ImageArchivesController } from './images.controller.js';
import { TablesController } from './tables.controller.js';

/** What the module of the API lists for downloads. */
export const DOWNLOAD_CONTROLLERS = [TablesController, ImageArchivesController];
export const DOWNLOAD_PROVIDERS = [Archives];
