export { type ClassifierState, ClassifierSupervisor } from './classifier-supervisor.js';
export { ModelsController } from './models.controller.js';
export { PredictController } from './predict.controller.js';
