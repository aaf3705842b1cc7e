export { type Config, ConfigError, readConfig } from './config.js';
export { readEnvFile } from './env-file.js';
export { whenNpmEnds } from './npm-parent.js';
