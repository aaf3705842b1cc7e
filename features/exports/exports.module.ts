import { CamtrapDpController } from './camtrap-dp/camtrap-dp.controller.js';
import { DarwinCoreController } from './darwin-core/darwin-core.controller.js';
import { ExportJobs } from './export-jobs.js';

/** What the module of the API lists for exports in the formats of the field. */
export const EXPORT_CONTROLLERS = [CamtrapDpController, DarwinCoreController];
export const EXPORT_PROVIDERS = [ExportJobs];
