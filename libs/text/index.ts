export { nearest } from './nearest.js';
export { plural } from './plural.js';
