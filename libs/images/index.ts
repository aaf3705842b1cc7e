export * from './disk.js';
export * from './files.js';
export * from './fingerprint.js';
export * from './journal.js';
export * from './layout.js';
export * from './probe.js';
