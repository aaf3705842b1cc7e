import { expect, it } from '@jest/globals';
import { publicAddress } from './public-address.js';

it.each([
  'https://traps.example.org',
  'https://traps.example.org/lab',
  'http://141.20.1.2:3000',
  'http://[2001:db8::1]:3000',
])('%s leads to the service from anywhere', (url) => {
  expect(publicAddress(url)).toBe(url);
});

it.each([
  'http://localhost:3000',
  'http://127.0.0.1:3000',
  'http://127.1',
  'http://2130706433/',
  'http://0.0.0.0:3000',
  'http://10.1.2.3',
  'http://172.20.0.2',
  'http://192.168.1.5',
  'http://169.254.10.1',
  'http://100.64.0.1',
  'http://[::1]:3000',
  'http://[::]:3000',
  'http://[fe80::1]',
  'http://[fd12::1]',
  'http://[::ffff:127.0.0.1]:3000',
  'http://[::ffff:10.0.0.1]',
  'http://trapline:3000',
  'http://LOCALHOST.:3000',
  'http://traps.local',
  'http://nas.lan',
  'http://pi.home.arpa',
  'http://traps.internal',
  undefined,
])('%s does not', (url) => {
  expect(publicAddress(url)).toBeUndefined();
});
