import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { colourModel } from '../../test/fixtures/model.js';
import { chooseAmong } from './choose-model.js';

let dataDir: string;
let own: string;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'trapline-models-'));
  own = join(dataDir, 'own');
  await put(join(own, 'demo'), { id: 'demo', demo: true });
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const put = async (folder: string, card: { id: string; demo?: boolean }) =>
  cpSync(await colourModel({ card }), folder, { recursive: true });
const install = (id: string) => put(join(dataDir, 'models', id), { id });
const chosen = async (model?: string) => (await chooseAmong([join(dataDir, 'models'), own], model))?.card.id;

describe('the model that classifies', () => {
  it('is the demo model until another one is installed', async () => {
    expect(await chosen()).toBe('demo');
    await install('meadow');
    expect(await chosen()).toBe('meadow');
  });

  it('is the demo model again where it is named', async () => {
    await install('meadow');
    expect(await chosen('demo')).toBe('demo');
  });

  it('is none where that is asked for', async () => {
    expect(await chosen('none')).toBeUndefined();
  });

  it('has to be named where several are installed', async () => {
    await install('meadow');
    await install('forest');
    await expect(chosen()).rejects.toThrow(/forest, meadow.*TRAPLINE_MODEL/);
    expect(await chosen('forest')).toBe('forest');
  });
});
