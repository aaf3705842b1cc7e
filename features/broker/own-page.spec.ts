import { expect, it } from '@jest/globals';
import { isFromOwnPage } from './own-page.js';

const config = {
  httpPort: 3000,
  publicUrl: 'https://traps.example.org/trapline',
  mqtt: { allowedOrigins: ['https://dashboard.example.org'] },
} as unknown as Parameters<typeof isFromOwnPage>[1];

it.each([
  ['a program', undefined, 'evil.example:9001'],
  ['the public URL', 'https://traps.example.org', 'traps.example.org'],
  ['an origin that was allowed', 'https://dashboard.example.org', '192.0.2.1:9001'],
  ['a page of the API', 'http://192.168.1.5:3000', '192.168.1.5:9001'],
  ['a page of the same port', 'http://trapline.local:9001', 'trapline.local:9001'],
  ['IPv6', 'http://[::1]:3000', '[::1]:9001'],
])('lets %s in', (_name, origin, host) => {
  expect(isFromOwnPage({ origin, host }, config)).toBe(true);
});

it.each([
  ['a foreign page', 'https://evil.example', '192.168.1.5:9001'],
  ['a name that was made to lead here', 'http://evil.example:9001', 'evil.example:9001'],
  ['a page of another service of this machine', 'http://localhost:8080', 'localhost:9001'],
  ['a file or a sandbox', 'null', 'localhost:9001'],
  ['an origin that only begins like one that is allowed', 'https://traps.example.org.evil.example', 'x'],
  ['a public origin over another scheme', 'http://traps.example.org', '192.0.2.1:9001'],
])('keeps %s out', (_name, origin, host) => {
  expect(isFromOwnPage({ origin, host }, config)).toBe(false);
});
