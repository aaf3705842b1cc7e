export { WebPages } from './web-pages.js';
