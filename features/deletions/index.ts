export { DeletionSweep } from './deletion-sweep.js';
export { DeletionsController } from './deletions.controller.js';
