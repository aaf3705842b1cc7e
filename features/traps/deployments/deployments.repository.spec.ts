import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Catalog } from '../../../libs/database/index.js';
import { type Coordinates, deploymentOf } from '../../../libs/domain/index.js';
import { type CatalogPlace, onEachEngine, testEngines } from '../../../test/fixtures/catalog-engines.js';
import { setTrap, type TrapEdit, type TrapInfo, takeInfo } from '../trap-edit.js';
import { findTrap, lockTrap } from '../traps.repository.js';
import { deploymentsOf } from './deployments.repository.js';
import { deploy, removeDeployment } from './place-trap.js';

const engines = await testEngines();
const MEADOW = { latitude: 52.5, longitude: 13.4 };
const FOREST = { latitude: 52.6, longitude: 13.4 };

onEachEngine(engines, 'where a trap stands', (engine) => {
  let place: CatalogPlace;
  let catalog: Catalog;
  beforeEach(async () => {
    place = await engine.place();
    catalog = await Catalog.open(place);
  });
  afterEach(() => catalog.close());

  const says = (said: TrapInfo, nowMs: number) =>
    catalog.db.transaction().execute((tx) => takeInfo(tx, 't1', said, nowMs));
  const editorSays = (word: TrapEdit, nowMs: number) =>
    catalog.db.transaction().execute((tx) => setTrap(tx, 't1', word, nowMs));
  const set = (
    id: string,
    startMs: number | null,
    endMs: number | null,
    place: Coordinates,
    timeZone: string | null = null,
    nowMs = 1000,
  ) =>
    catalog.db.transaction().execute(async (tx) => {
      await lockTrap(tx, 't1', nowMs);
      const period = { trapId: 't1', deploymentId: id, startMs, endMs, source: 'editor' as const };
      return deploy(tx, { ...deploymentOf({ ...period, place }), timeZone }, nowMs);
    });
  const times = async () =>
    (await deploymentsOf(catalog.reader, ['t1'])).map((deployment) => [
      deployment.deploymentId,
      deployment.startMs,
      deployment.endMs,
      deployment.place?.latitude,
    ]);
  const trap = async () => {
    const row = await findTrap(catalog.reader, 't1');
    return row && [row.name, row.timeZone, row.place?.latitude];
  };

  it('is what it says itself, from the beginning', async () => {
    await says({ name: 'Meadow', timeZone: 'Europe/Berlin', ...MEADOW }, 1000);
    expect(await times()).toEqual([['d1', null, null, 52.5]]);
    expect(await trap()).toEqual(['Meadow', 'Europe/Berlin', 52.5]);
  });

  it('is another deployment once it says so from farther away', async () => {
    await says(MEADOW, 1000);
    await says(FOREST, 2000);
    await says(FOREST, 3000);
    expect(await times()).toEqual([
      ['d1', null, 2000, 52.5],
      ['d2', 2000, null, 52.6],
    ]);
    expect(await trap()).toEqual([null, null, 52.6]);
  });

  it('is what an editor says, whatever the trap says later, until he leaves it to the trap', async () => {
    await says({ name: 'unit 7', timeZone: 'UTC', ...MEADOW }, 1000);
    await editorSays(
      { name: 'Meadow', timeZone: 'Europe/Berlin', place: FOREST, notes: 'by the gate' },
      2000,
    );
    await says({ name: 'unit 7', timeZone: 'UTC', ...MEADOW }, 3000);
    expect(await trap()).toEqual(['Meadow', 'Europe/Berlin', 52.6]);
    expect(await times()).toEqual([['d1', null, null, 52.6]]);
    await editorSays({ name: null, timeZone: null, place: null }, 4000);
    expect(await trap()).toEqual(['unit 7', 'UTC', 52.5]);
    expect((await findTrap(catalog.reader, 't1'))?.notes).toBe('by the gate');
  });

  it('stays as an editor said it where he later speaks of something else', async () => {
    await editorSays({ name: 'Meadow', place: MEADOW }, 1000);
    await editorSays({ notes: 'moved the fence' }, 2000);
    await says({ name: 'unit 7', ...FOREST }, 3000);
    expect(await trap()).toEqual(['Meadow', null, 52.5]);
  });

  it('can be said of a trap that has not spoken yet', async () => {
    await editorSays({ timeZone: 'Europe/Berlin', place: MEADOW }, 1000);
    expect(await trap()).toEqual([null, 'Europe/Berlin', 52.5]);
    expect(await times()).toEqual([['d1', null, null, 52.5]]);
  });

  it('follows the deployment that is under way, with its time zone', async () => {
    await says({ timeZone: 'UTC', ...MEADOW }, 100);
    expect(await set('spring', 500, null, FOREST, 'Europe/Berlin')).toBeUndefined();
    await says({ timeZone: 'UTC' }, 1100);
    expect(await trap()).toEqual([null, 'Europe/Berlin', 52.6]);
    expect(await times()).toEqual([
      ['d1', null, 500, 52.5],
      ['spring', 500, null, 52.6],
    ]);
  });

  it('is never two places at once', async () => {
    await set('spring', 100, 200, MEADOW);
    expect(await set('late', 150, null, FOREST)).toMatchObject({ deploymentId: 'spring' });
    expect(await times()).toEqual([['spring', 100, 200, 52.5]]);
    const both = await Promise.all([set('a', 300, 400, MEADOW), set('b', 350, 450, FOREST)]);
    expect(both.filter((conflict) => conflict === undefined)).toHaveLength(1);
    expect(await times()).toHaveLength(2);
  });

  it('stays what it is now when an editor tells of the past', async () => {
    await editorSays({ place: MEADOW }, 1000);
    await set('before', 300, 400, FOREST);
    expect(await times()).toEqual([
      ['d1', null, 300, 52.5],
      ['before', 300, 400, 52.6],
      ['d2', 400, null, 52.5],
    ]);
    expect(await trap()).toEqual([null, null, 52.5]);
  });

  it('begins when a planned deployment begins', async () => {
    await set('now', 100, null, MEADOW);
    await set('next', 5000, null, FOREST);
    expect(await trap()).toEqual([null, null, 52.5]);
    await says({}, 6000);
    expect(await trap()).toEqual([null, null, 52.6]);
  });

  it('is nowhere known once its deployment is removed, and the rest stays', async () => {
    await set('a', 100, 200, MEADOW);
    await set('b', 200, 300, FOREST);
    expect(await removeDeployment(catalog.db, 't1', 'b')).toBe(true);
    expect(await removeDeployment(catalog.db, 't1', 'b')).toBe(false);
    expect(await times()).toEqual([['a', 100, 200, 52.5]]);
  });
});
