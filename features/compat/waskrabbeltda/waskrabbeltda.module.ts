import { ClassifyController } from './classify.controller.js';
import { DataController } from './data.controller.js';

/** The routes of waskrabbeltda. */
export const WASKRABBELTDA_CONTROLLERS = [ClassifyController, DataController];
