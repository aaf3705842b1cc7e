export { WebModule } from './web.module.js';
export { WEB_FOLDER } from './web-pages.js';
