export { EXPORT_CONTROLLERS, EXPORT_PROVIDERS } from './exports.module.js';
