export { type Config, ConfigError, expectKnownVariables, readConfig } from './config.js';
export { readEnvFile } from './env-file.js';
export { describeListenError } from './listen-error.js';
export { whenNpmEnds } from './npm-parent.js';
export { readTlsFiles } from './tls-files.js';
export { VERSION } from './version.js';
