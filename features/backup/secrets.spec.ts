import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CatalogCopy } from '../../libs/database/catalog-copy.js';
import { openCopy } from '../../libs/database/index.js';
import { hashSecret } from '../accounts/accounts.repository.js';
import { accountBySecret, addPerson, putAccount } from '../accounts/index.js';
import { putBackSecrets, SECRET_TABLES, takeOutSecrets } from './secrets.js';

let folder: string;
let copy: CatalogCopy;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-secrets-'));
  copy = await openCopy(folder);
});
afterEach(async () => {
  await copy.close();
  rmSync(folder, { recursive: true, force: true });
});

const account = { kind: 'key', name: 'anna', role: 'admin', secret: 'hunter2' } as const;

describe('secrets', () => {
  it('are in no other table than those that are known to hold them', async () => {
    const tables = await copy.db.introspection.getTables();
    const suspicious = tables.filter(({ columns }) =>
      columns.some(({ name }) => /secret|password|token|(^|_)(hash|key)$/.test(name)),
    );
    // A row of the outbox is named by a key; it is no key.
    const names = suspicious.map(({ name }) => name).filter((name) => name !== 'outbox');
    expect(SECRET_TABLES).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(expect.arrayContaining(['accounts', 'people']));
  });

  it('leave nothing in a file that they are taken out of, and come back whole', async () => {
    await putAccount(copy.db, account, 1);
    await addPerson(copy.db, { name: 'bob', role: 'viewer', passwordHash: '$argon2id$of-bob' }, 1);
    const secrets = await takeOutSecrets(copy.db);
    const bytes = readFileSync(join(folder, 'catalog.sqlite'));
    for (const secret of [hashSecret('hunter2'), 'of-bob']) expect(bytes.includes(secret)).toBe(false);
    expect(await accountBySecret(copy.db, 'hunter2')).toBeUndefined();
    await putBackSecrets(copy.db, JSON.parse(JSON.stringify(secrets)));
    expect(await accountBySecret(copy.db, 'hunter2')).toMatchObject({ name: 'anna' });
    expect(await copy.db.selectFrom('people').selectAll().execute()).toMatchObject([
      { name: 'bob', password_hash: '$argon2id$of-bob' },
    ]);
  });
});
