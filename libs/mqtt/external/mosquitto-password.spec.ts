import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { MOSQUITTO, Mosquitto, NO_MOSQUITTO } from '../../../test/fixtures/mosquitto-broker.js';
import { mosquittoPassword } from './mosquitto-password.js';

describe('a Mosquitto password', () => {
  it('has the form of mosquitto_passwd, with a salt of its own', () => {
    const hash = mosquittoPassword('secret');
    expect(hash).toMatch(/^\$7\$101\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/]{86}==$/);
    expect(mosquittoPassword('secret')).not.toBe(hash);
  });

  (MOSQUITTO ? it : it.skip)(`opens a real broker, and another secret does not${NO_MOSQUITTO}`, async () => {
    const mosquitto = await Mosquitto.create(
      (folder) => `allow_anonymous false\npassword_file ${folder}/passwords`,
    );
    try {
      await writeFile(`${mosquitto.folder}/passwords`, `meadow:${mosquittoPassword('Grüße 42')}\n`, {
        mode: 0o600,
      });
      await mosquitto.start();
      const client = await connectAsync(mosquitto.url, { username: 'meadow', password: 'Grüße 42' });
      await client.endAsync();
      await expect(
        connectAsync(mosquitto.url, { username: 'meadow', password: 'guess', reconnectPeriod: 0 }),
      ).rejects.toThrow('Not authorized');
    } finally {
      await mosquitto.remove();
    }
  });
});
