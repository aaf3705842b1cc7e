import { createHash, randomUUID } from 'node:crypto';
import type { Config } from '../../libs/config/index.js';
import { type Catalog, findState, nameCatalog } from '../../libs/database/index.js';

export interface Dataset {
  readonly title: string;
  readonly contributor: string;
  readonly licence: string | undefined;
  readonly mediaLicence: string | undefined;
}

export function datasetOf(said: Partial<Config['dataset']> = {}): Dataset {
  return {
    title: said.title ?? 'Insect camera traps',
    contributor: said.contributor ?? 'Operator of the insect camera traps',
    licence: said.licence,
    mediaLicence: said.mediaLicence ?? said.licence,
  };
}

/** Stays with the catalog: the same data are the same dataset, whenever they are exported. */
export async function datasetId({ reader, db }: Catalog): Promise<string> {
  const identity = (await findState(reader, 'identity')) ?? (await nameCatalog(db, randomUUID()));
  return identity.id;
}

/** A UUID made of another one and a name (RFC 9562, version 5): the same for the same, and for nothing else. */
export function uuidOf(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replace(/-/g, ''), 'hex'))
    .update(name)
    .digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  const hex = hash.toString('hex').slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
