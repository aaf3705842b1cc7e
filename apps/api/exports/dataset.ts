import { createHash, randomUUID } from 'node:crypto';
import { type Catalog, findState, nameCatalog } from '../../../libs/catalog/index.js';

/** What those who run the service say of its data, for the exchange formats. */
export interface DatasetSettings {
  readonly title?: string | undefined;
  /** The person or organisation that the data are of. */
  readonly contributor?: string | undefined;
  /** An identifier such as `CC-BY-4.0`, or a URL; nobody else can choose one. */
  readonly licence?: string | undefined;
  /** Of the pictures; default: that of the data. */
  readonly mediaLicence?: string | undefined;
}

export interface Dataset {
  readonly title: string;
  readonly contributor: string;
  readonly licence: string | undefined;
  readonly mediaLicence: string | undefined;
}

export function datasetOf(said: DatasetSettings = {}): Dataset {
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
