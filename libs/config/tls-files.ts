import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type Config, ConfigError } from './config.js';

/**
 * Reads the certificate and the key for MQTT over TLS, and sees that they belong together.
 *
 * @throws ConfigError which names the variable
 */
export function readTlsFiles({ certFile, keyFile }: NonNullable<Config['mqtt']['tls']>): {
  readonly cert: Buffer;
  readonly key: Buffer;
} {
  const cert = read('TRAPLINE_TLS_CERT', certFile);
  const key = read('TRAPLINE_TLS_KEY', keyFile);
  expectPem('TRAPLINE_TLS_CERT', certFile, 'certificate', { cert });
  expectPem('TRAPLINE_TLS_KEY', keyFile, 'private key without a passphrase', { key });
  expectPem('TRAPLINE_TLS_KEY', keyFile, 'key of the certificate in TRAPLINE_TLS_CERT', { cert, key });
  return { cert, key };
}

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`${name}: must be a PEM file that this user may read (${code}: ${path})`);
  }
}

function expectPem(
  name: string,
  path: string,
  what: string,
  parts: { readonly cert?: Buffer; readonly key?: Buffer },
) {
  try {
    createSecureContext(parts);
  } catch {
    throw new ConfigError(`${name}: ${path} must hold the ${what}, in PEM`);
  }
}
