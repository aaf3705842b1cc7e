export { megabytes } from './megabytes.js';
export { nearest } from './nearest.js';
export { plural } from './plural.js';
