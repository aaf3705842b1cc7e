export { type ClassifierState, ClassifierSupervisor } from './classifier-supervisor.js';
export { MODEL_CHILD } from './model-install.service.js';
export { Classifier, type ClassifierStatus, Models } from './models.js';
export { ModelsModule } from './models.module.js';
