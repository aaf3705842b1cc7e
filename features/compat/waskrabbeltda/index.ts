export { WASKRABBELTDA_CONTROLLERS } from './waskrabbeltda.module.js';
