import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './fixtures/eventually.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

/** Real models and real crops, which are not part of the project: `models/` and `data/` below this folder. */
const shared = process.env['TRAPLINE_SHARED'] ?? '';
const isThere = shared !== '' && existsSync(join(shared, 'models/inat-insects-with-bias/known-answers.json'));
const withRealModels = isThere ? describe : describe.skip;

/** What `inat-insects` is known to answer for these crops, right or wrong. */
const KNOWN = {
  bee_apis_1: 'Apis mellifera',
  bee_bombus_1: 'Bombus terrestris',
  beetle_cocci_1: 'Coccinella septempunctata',
  bug_grapho_1: 'Graphosoma lineatum',
  hfly_episyr_1: 'Episyrphus balteatus',
  hfly_eristal_1: 'Apis mellifera',
  lepi_1: 'Melanargia galathea',
  wasp_1: 'Polistes dominula',
};

interface CropInFull {
  readonly classification: { readonly ranked: readonly { readonly label: string }[] };
}

let station: Station;
let trap: Trap;

withRealModels(
  `real crops through a real model${isThere ? '' : ' (skipped: TRAPLINE_SHARED is not set)'}`,
  () => {
    beforeAll(async () => {
      station = await Station.start({ TRAPLINE_MODEL: '' }); // the one that is installed
      await station.command(
        'model',
        'install',
        join(shared, 'models/inat-insects-with-bias/mobilenet_v2_1.0_224_inat_insect_quant.tflite'),
      );
      await station.stop();
      await station.start();
      trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    });

    afterAll(async () => {
      await trap?.close();
      await station?.remove();
    });

    it('become observations of the insects that they show', async () => {
      for (const name of Object.keys(KNOWN)) {
        await trap.crop(name, 'c0', readFileSync(join(shared, 'data/trap-crops-27-classes', `${name}.png`)));
        await trap.end(name, { crops: 1 });
      }
      for (const [name, taxon] of Object.entries(KNOWN)) {
        await eventually(() => trap.answers(name, 'result').at(-1));
        const run = await findRun(station, 'trap-1', name);
        const [crop] = run.crops as unknown as CropInFull[];
        expect(crop?.classification.ranked[0]?.label).toBe(taxon.replace(' ', '_'));
        const image = await station.get(`/api/v1/runs/trap-1/${name}/crops/c0`);
        const sent = readFileSync(join(shared, 'data/trap-crops-27-classes', `${name}.png`));
        expect(Buffer.from(await image.arrayBuffer()).equals(sent)).toBe(true);
      }
    }, 120_000);

    it('of one hive entrance are one visit each, whatever number of crops a run has', async () => {
      const folder = join(shared, 'data/honeybee-crops');
      const files = readdirSync(folder).filter((file) => file.endsWith('.jpg'));
      for (const [i, file] of files.entries()) {
        await trap.crop('hive', `c-${String(i).padStart(3, '0')}`, readFileSync(join(folder, file)));
      }
      await trap.end('hive', { crops: files.length });
      const result = await eventually(
        () => trap.answers('hive', 'result').find(({ final }) => final === true),
        60_000,
      );
      expect(result).toMatchObject({ crops: files.length });
    }, 120_000);

    it('that are truly truncated are stored, marked and classified', async () => {
      const folder = join(shared, 'data/corrupt-jpegs');
      const files = readdirSync(folder).filter((file) => file.endsWith('.jpg'));
      const small = files.filter((file) => readFileSync(join(folder, file)).length <= 1_048_576);
      for (const file of small)
        await trap.crop('truncated', file.slice(0, -4), readFileSync(join(folder, file)));
      await trap.end('truncated', { crops: small.length });
      await eventually(() => trap.answers('truncated', 'result').at(-1), 60_000);
      const run = await findRun(station, 'trap-1', 'truncated');
      expect(run.crops.map((crop) => crop.truncated)).toEqual(small.map(() => true));
      expect(run.observation?.crops).toBe(small.length);
    }, 120_000);
  },
);
