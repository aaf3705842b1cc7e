import type { CropId } from '../domain/index.js';
import type { CatalogStateTable, Db } from './schema.js';

/** What stands under each name of `catalog_state`. */
interface CatalogState {
  /** `settled`: the data folder bears the same id. */
  readonly identity: { readonly id: string; readonly settled: boolean };
  readonly retention: {
    readonly atMs: number;
    /** Why nothing was removed. */
    readonly refused?: string | undefined;
    /** So much more should have gone, and nothing more may. */
    readonly shortBytes?: number | undefined;
  };
  readonly backup: { readonly atMs: number; readonly folder: string; readonly crops: number };
  /** How far the reading of all pictures is. Without `after` a round is over, and `startedAtMs` says when it began. */
  readonly pictures: {
    readonly startedAtMs: number;
    readonly after?: CropId | undefined;
    readonly checked: number;
    readonly damaged: number;
    readonly endedAtMs?: number | undefined;
  };
  /** How far the first sightings of runs from before they were kept have been found. */
  readonly 'past-sightings': {
    /** The last trap and taxon that were looked at. */
    readonly after?: { readonly trapId: string; readonly taxon: string } | undefined;
    readonly endedAtMs?: number | undefined;
  };
  readonly restored: { readonly atMs: number; readonly snapshot: string };
}

export async function findState<Name extends CatalogStateTable['name']>(
  db: Db,
  name: Name,
): Promise<CatalogState[Name] | undefined> {
  const row = await db
    .selectFrom('catalog_state')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row && (JSON.parse(row.value) as CatalogState[Name]);
}

export async function putState<Name extends CatalogStateTable['name']>(
  db: Db,
  name: Name,
  state: CatalogState[Name],
): Promise<void> {
  const value = JSON.stringify(state);
  await db
    .insertInto('catalog_state')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Names a catalog that has no name yet. @returns whose name it is now: another process may have been quicker */
export async function nameCatalog(db: Db, id: string): Promise<CatalogState['identity']> {
  await db
    .insertInto('catalog_state')
    .values({ name: 'identity', value: JSON.stringify({ id, settled: false }) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return (await findState(db, 'identity')) as CatalogState['identity'];
}
