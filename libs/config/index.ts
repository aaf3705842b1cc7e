export { type Config, ConfigError, expectKnownVariables, readConfig, readEnvFile } from './config.js';
export { describeListenError } from './listen-error.js';
export { whenNpmEnds } from './npm-parent.js';
export { readTlsFiles } from './tls-files.js';
export { VERSION } from './version.js';
