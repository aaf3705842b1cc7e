import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { MARK_FILE, readMark } from '../../libs/data-dir/index.js';
import { Catalog } from '../../libs/database/index.js';
import { onEachEngine, testEngines } from '../../test/fixtures/catalog-engines.js';
import { newCrop } from '../../test/fixtures/catalog-rows.js';
import { storeCrops } from '../crops/index.js';
import { bind, bindForced, bindingOf } from './data-dir-binding.js';

onEachEngine(await testEngines(), 'a catalog and its data folder', (engine) => {
  const withPlace = async (use: (catalog: Catalog, dataDir: string) => Promise<void>) => {
    const place = await engine.place();
    const catalog = await Catalog.open(place);
    try {
      await use(catalog, place.dataDir);
    } finally {
      await catalog.close();
    }
  };

  it('that are both new know each other from the first start on', async () => {
    await withPlace(async ({ db }, dataDir) => {
      expect(await bindingOf(db, dataDir)).toBe('unpaired');
      expect(await bind(db, dataDir)).toBe('paired');
      expect(await bind(db, dataDir)).toBe('paired');
      expect(await readMark(dataDir)).toMatchObject({ runs: 0, crops: 0 });
    });
  });

  it('do not come to know each other by a wrong setting', async () => {
    await withPlace(async (first, dataDir) => {
      await bind(first.db, dataDir);
      await withPlace(async (second, elsewhere) => {
        expect(await bind(second.db, dataDir)).toBe('new-catalog');
        expect(await bindingOf(second.db, dataDir)).toBe('new-catalog');
        await bind(second.db, elsewhere);
        expect(await bind(second.db, dataDir)).toBe('other');
        await bindForced(second.db, dataDir, { runs: 3, crops: 4 });
        expect(await bindingOf(second.db, dataDir)).toBe('paired');
        expect(await readMark(dataDir)).toMatchObject({ runs: 3, crops: 4 });
      });
    });
  });

  it('stay strangers where the folder of a catalog with runs has no mark, or an empty catalog finds images', async () => {
    await withPlace(async ({ db }, dataDir) => {
      await bind(db, dataDir);
      await storeCrops(db, [newCrop('c1')], 1);
      await withPlace(async (empty, elsewhere) => {
        expect(await bind(db, elsewhere)).toBe('strange-folder');
        mkdirSync(join(elsewhere, 'images', 't1'), { recursive: true });
        expect(await bind(empty.db, elsewhere)).toBe('unpaired');
      });
    });
  });

  it('are named by a mark that must be readable', async () => {
    await withPlace(async ({ db }, dataDir) => {
      writeFileSync(join(dataDir, MARK_FILE), 'half a ma');
      await expect(bind(db, dataDir)).rejects.toThrow('is damaged');
    });
  });
});
