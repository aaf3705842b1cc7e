import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOMParser } from '@xmldom/xmldom';
import type { ModelLabel } from '../libs/classifier/index.js';
import { withoutMetadata } from '../libs/store/index.js';
import { faultsOf } from './fixtures/camtrap-dp/check-package.js';
import { type Colour, crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { readTable } from './fixtures/read-csv.js';
import { readArchive } from './fixtures/read-dwca.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';
import { textsIn, unzip } from './fixtures/unzip.js';

const CAMTRAP = '/api/v1/downloads/camtrap-dp.zip';
const PLACE = { latitude: 52.51234, longitude: 13.41234 };
const LABELS: ModelLabel[] = [
  {
    index: 0,
    id: 'honeybee',
    taxon: 'Apis mellifera',
    rank: 'species',
    names: { en: 'Honey bee' },
    kind: 'taxon',
  },
  { index: 1, id: 'none_bg', names: { en: 'Background' }, kind: 'non_insect' },
  { index: 2, id: 'none_bird', names: { en: 'Bird' }, kind: 'non_insect' },
  { index: 3, id: 'fly', taxon: 'Diptera', rank: 'order', names: { en: 'Fly' }, kind: 'taxon' },
];

let station: Station;
let placed: Trap;
let unplaced: Trap;
const keys: Record<string, string> = {};

beforeAll(async () => {
  const model = await colourModel({ labels: LABELS.map(({ id }) => id), card: { labels: LABELS } });
  station = await Station.start({ TRAPLINE_MODEL: model, TRAPLINE_DATASET_LICENCE: 'CC0-1.0' });
  placed = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  unplaced = await Trap.connect('trap-2', await station.addTrap('trap-2'), station.mqttPort);
  for (const role of ['editor', 'viewer']) {
    const made = await station.command<{ key: string }>(
      'key',
      'create',
      '--role',
      role,
      '--name',
      role,
      '--json',
    );
    keys[role] = made.key;
  }
  await placed.publish(
    'info',
    { v: 1, name: 'Meadow', timeZone: 'Europe/Berlin', ...PLACE },
    { retain: true },
  );
  await placed.publish('sessions/s-1', { v: 1, start: '2026-06-01T06:00:00', end: '2026-06-01T20:00:00' });
  await visit(placed, 'bee', ['red', 'red']);
  await visit(placed, 'unsure', ['red', 'green']);
  await visit(placed, 'nothing', ['green']);
  await visit(placed, 'bird', ['blue']);
  await visit(placed, 'wrong-clock', ['red'], '2099-06-01T10:00:00');
  await visit(unplaced, 'somewhere', ['red'], '2026-06-01T10:00:00Z');
  await placed.meta('to-come', { start: '2026-06-01T12:00:00' });
  await as('editor', '/api/v1/runs/trap-1/nothing/review', 'POST', { verdict: 'relabel', label: 'fly' });
  await visit(placed, 'reviewed', ['red']);
  const taxon = 'Nomada goodeniana (Kirby, 1802)';
  await as('editor', '/api/v1/runs/trap-1/reviewed/review', 'POST', {
    verdict: 'relabel',
    taxon,
    rank: 'species',
  });
  await placed.meta('broken-off', { start: '2026-06-01T12:30:00' });
  await placed.end('broken-off', { status: 'aborted', end: '2026-06-01T12:30:01', crops: 0 });
}, 120_000);

afterAll(async () => {
  await placed.close();
  await unplaced.close();
  await station.remove();
});

async function visit(trap: Trap, run: string, colours: readonly Colour[], start = '2026-06-01T10:00:00') {
  await trap.meta(run, { start, session: 's-1' });
  for (const [i, colour] of colours.entries()) await trap.crop(run, `c-${i}`, await crop(colour, i));
  await trap.end(run, { end: start.replace(/00(Z?)$/, '09$1'), crops: colours.length });
  await eventually(async () => (await findRun(station, trap.id, run)).observation?.final);
}

async function as(role: string, path: string, method = 'GET', body?: object): Promise<Response> {
  const answer = await station.get(path, {
    method,
    headers: { Authorization: `Bearer ${keys[role]}`, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

const archive = async (path: string, role: string) => Buffer.from(await (await as(role, path)).arrayBuffer());

async function tables(query = '', role = 'editor') {
  const files = textsIn(await archive(CAMTRAP + query, role));
  const table = (name: string) => readTable(files.get(`${name}.csv`) as string);
  return {
    files,
    media: table('media'),
    deployments: table('deployments'),
    observations: table('observations'),
    sessions: table('sessions'),
    about: files.get('datapackage.json') as string,
  };
}

describe('a Camtrap DP of a running service', () => {
  it.each(['viewer', 'editor'])('is valid for a %s, and shows each visit once', async (role) => {
    const { files, observations } = await tables('', role);
    expect(faultsOf(files)).toEqual([]);
    const events = observations.filter((row) => row['observationLevel'] === 'event');
    const seen = events.map((row) => [
      row['eventID'],
      row['observationType'],
      row['scientificName'],
      row['count'],
    ]);
    expect(seen.sort()).toEqual([
      ['trap-1:bee', 'animal', 'Apis mellifera', '1'],
      ['trap-1:bird', 'animal', 'Aves', '1'],
      ['trap-1:nothing', 'animal', 'Diptera', '1'],
      ['trap-1:reviewed', 'animal', 'Nomada goodeniana', '1'],
      ['trap-1:to-come', 'unclassified', '', ''],
      ['trap-1:unsure', 'unknown', '', '1'],
      ['trap-2:somewhere', 'animal', 'Apis mellifera', '1'],
    ]);
  });

  it('reads naive times in the zone of the trap, and names who has classified', async () => {
    const { observations, sessions } = await tables();
    const event = (id: string) =>
      observations.find((row) => row['eventID'] === id && row['observationLevel'] === 'event');
    expect(event('trap-1:bee')).toMatchObject({
      eventStart: '2026-06-01T10:00:00+02:00',
      eventEnd: '2026-06-01T10:00:09+02:00',
      classificationMethod: 'machine',
      classifiedBy: expect.stringMatching(/^test-colours 1 \(sha256:[0-9a-f]{12}\)$/),
    });
    expect(event('trap-1:nothing')).toMatchObject({ classificationMethod: 'human', classifiedBy: 'editor' });
    expect(sessions).toMatchObject([{ sessionID: 'trap-1:s-1', effortMinutes: '840' }]);
  });

  it('has the pictures in it where that is wanted, byte for byte', async () => {
    const packed = async (role: string) =>
      unzip(await archive(`${CAMTRAP}?media=true&label=honeybee&trap=trap-1`, role));
    const files = await packed('editor');
    expect(faultsOf(new Map([...files].map(([name, content]) => [name, content.toString()])))).toEqual([]);
    const picture = 'media/2026-06-01/trap-1/bee/c-1.jpg';
    expect(files.get(picture)?.equals(await crop('red', 1))).toBe(true);
    // A viewer gets the same picture without its metadata.
    expect((await packed('viewer')).get(picture)).toEqual(withoutMetadata(await crop('red', 1), 'jpg'));
  });

  it('keeps exact places from viewers', async () => {
    const [exact, coarse] = [await tables('', 'editor'), await tables('', 'viewer')];
    expect(exact.deployments[0]).toMatchObject({ latitude: '52.51234', longitude: '13.41234' });
    expect(coarse.deployments[0]).toMatchObject({ latitude: '52.5', coordinateUncertainty: '15721' });
    expect([...coarse.files.values()].join()).not.toMatch(/52\.51|13\.41/);
  });

  it('has a deployment for a trap whose place nobody knows, until an editor says it', async () => {
    const anywhere = (await tables('?trap=trap-2')).deployments;
    expect(anywhere).toMatchObject([{ deploymentID: 'trap-2', coordinateUncertainty: '20037509' }]);
    await as('editor', '/api/v1/traps/trap-2', 'PUT', {
      name: 'Forest',
      place: { latitude: 1, longitude: 2 },
    });
    const known = (await tables('?trap=trap-2')).deployments;
    expect(known).toMatchObject([{ deploymentID: 'trap-2:d1', locationName: 'Forest', latitude: '1' }]);
    expect(known[0]?.['deploymentComments']).toContain('Still running');
  });

  it('follows a trap that was moved', async () => {
    const next = {
      start: '2026-06-01T11:00:00+02:00',
      place: { latitude: 48, longitude: 11 },
      timeZone: 'Europe/Berlin',
    };
    await as('editor', '/api/v1/traps/trap-1/deployments/hill', 'PUT', next);
    await placed.publish('info', { v: 1, ...PLACE }, { retain: true });
    await eventually(async () => (await tables('?trap=trap-1')).deployments.length === 2);
    const { deployments, observations } = await tables('?trap=trap-1');
    expect(deployments.map((row) => [row['deploymentID'], row['latitude']])).toEqual([
      ['trap-1:d1', '52.51234'],
      ['trap-1:hill', '48'],
    ]);
    expect(observations.find((row) => row['eventID'] === 'trap-1:bee')?.['deploymentID']).toBe('trap-1:d1');
  });

  it('has a visit of unknown time as soon as a person says when it was', async () => {
    const wrong = (rows: readonly Record<string, string>[]) =>
      rows.find((row) => row['eventID'] === 'trap-1:wrong-clock');
    const before = await tables('?trap=trap-1');
    expect(wrong(before.observations)).toBeUndefined();
    expect(before.about).toContain('1 visit is left out');
    const said = { start: '2026-06-01T12:00:00+02:00' };
    await as('editor', '/api/v1/runs/trap-1/wrong-clock/time', 'PUT', said);
    const after = await tables('?trap=trap-1');
    expect(wrong(after.observations)).toMatchObject({
      deploymentID: 'trap-1:hill',
      eventStart: '2026-06-01T12:00:00+02:00',
    });
    expect(after.deployments.map((row) => row['timestampIssues'])).toEqual(['false', 'false']);
  });

  const frictionless = spawnSync('frictionless', ['--version']).status === 0;
  (frictionless ? it : it.skip)(
    'is valid for frictionless (skipped where that is not installed)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'camtrap-dp-'));
      try {
        for (const [name, content] of unzip(await archive(CAMTRAP, 'editor'))) {
          mkdirSync(dirname(join(folder, name)), { recursive: true });
          writeFileSync(join(folder, name), content);
        }
        const { status, stdout } = spawnSync('frictionless', ['validate', join(folder, 'datapackage.json')], {
          encoding: 'utf8',
        });
        expect([status, stdout]).toEqual([0, expect.not.stringContaining('INVALID')]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

describe('a Darwin Core Archive of a running service', () => {
  it('has the visits of insects that are certain, and metadata that can be read', async () => {
    const files = textsIn(await archive('/api/v1/downloads/dwca.zip', 'viewer'));
    const occurrences = readTable(files.get('occurrence.csv') as string);
    const seen = occurrences.map((row) => [row['eventID'], row['basisOfRecord'], row['scientificName']]);
    expect(seen.sort()).toEqual([
      ['trap-1:bee', 'MachineObservation', 'Apis mellifera'],
      ['trap-1:nothing', 'MachineObservation', 'Diptera'],
      ['trap-1:reviewed', 'MachineObservation', 'Nomada goodeniana'],
      ['trap-1:wrong-clock', 'MachineObservation', 'Apis mellifera'],
      ['trap-2:somewhere', 'MachineObservation', 'Apis mellifera'],
    ]);
    for (const name of ['meta.xml', 'eml.xml']) {
      const onError = (_level: string, message: string) => {
        throw new Error(message);
      };
      expect(new DOMParser({ onError }).parseFromString(files.get(name) as string, 'text/xml')).toBeDefined();
    }
    expect(files.get('eml.xml')).toContain('publicdomain/zero/1.0');
  });
});

/** What stands in any export and leads nowhere from another network. */
const PRIVATE = /127\.0\.0\.1|localhost|\[::1\]/;

describe('what leaves the service', () => {
  const dwca = async (at: Station, query = '') =>
    textsIn(Buffer.from(await (await at.get(`/api/v1/downloads/dwca.zip${query}`)).arrayBuffer()));

  it.each([
    ['without TRAPLINE_PUBLIC_URL', {}],
    [
      'with one of this machine',
      { TRAPLINE_PUBLIC_URL: 'http://localhost:3000', TRAPLINE_PUBLIC_THUMBNAILS: 'true' },
    ],
  ])('never names an address that leads nowhere from outside: %s', async (_what, settings) => {
    await station.stop();
    await station.start({
      TRAPLINE_PUBLIC_URL: undefined,
      TRAPLINE_PUBLIC_THUMBNAILS: undefined,
      ...settings,
    });
    for (const query of ['', '?media=true']) {
      const { files, media } = await tables(query);
      expect(faultsOf(files)).toEqual([]);
      for (const [name, text] of files)
        if (!name.startsWith('media/')) expect(`${name}: ${text}`).not.toMatch(PRIVATE);
      expect(media.find((row) => row['mediaID'] === 'trap-1:bee:c-0')).toMatchObject({
        filePath: 'media/2026-06-01/trap-1/bee/c-0.jpg',
        filePublic: String(query !== ''),
      });
    }
    const files = await dwca(station);
    expect(readArchive(files).extension.rows).toEqual([]);
    for (const text of files.values()) expect(text).not.toMatch(PRIVATE);
    for (const table of ['runs.csv', 'runs.ndjson', 'reviews.csv', 'crops.csv']) {
      const text = await (await as('editor', `/api/v1/downloads/${table}`)).text();
      expect(`${table}: ${text}`).not.toMatch(PRIVATE);
    }
  });

  it('names pictures for all where anybody may see them, and none that ask for a key', async () => {
    const TRAPLINE_PUBLIC_URL = 'https://traps.example.org';
    await station.stop();
    await station.start({ TRAPLINE_PUBLIC_URL, TRAPLINE_PUBLIC_THUMBNAILS: undefined });
    expect(readArchive(await dwca(station)).extension.rows).toEqual([]);
    expect((await tables()).media[0]).toMatchObject({
      filePath: expect.stringMatching(/^https:\/\/traps\.example\.org\//),
      filePublic: 'false',
    });
    await station.stop();
    await station.start({ TRAPLINE_PUBLIC_URL, TRAPLINE_PUBLIC_THUMBNAILS: 'true' });
    const { rows } = readArchive(await dwca(station)).extension;
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) {
      const { pathname, search } = new URL(row['identifier'] as string);
      const answer = await fetch(`${station.http}${pathname}${search}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, row['format']]);
    }
  });

  it('says of a review who has verified it, and splits the name from its authorship', async () => {
    const { core } = readArchive(await dwca(station, '?trap=trap-1'));
    expect(core.rows.find((row) => row['eventID'] === 'trap-1:reviewed')).toMatchObject({
      basisOfRecord: 'MachineObservation',
      scientificName: 'Nomada goodeniana',
      scientificNameAuthorship: '(Kirby, 1802)',
      taxonRank: 'species',
      verbatimIdentification: 'Nomada goodeniana (Kirby, 1802)',
      identifiedBy: 'editor',
      identificationVerificationStatus: 'verified using recorded media',
    });
    expect(core.rows.find((row) => row['eventID'] === 'trap-1:bee')).toMatchObject({
      identificationVerificationStatus: 'unverified',
    });
    expect(core.rows.every((row) => row['basisOfRecord'] === 'MachineObservation')).toBe(true);
    const found = await (
      await as('editor', '/api/v1/runs?taxon=Nomada%20goodeniana%20(Kirby,%201802)')
    ).json();
    expect((found as { items: object[] }).items).toMatchObject([
      { runId: 'reviewed', observation: { taxon: 'Nomada goodeniana' } },
    ]);
  });

  it.each([
    ['Bombus (Bombus) terrestris (Linnaeus, 1758)', 'Bombus (Bombus) terrestris', '(Linnaeus, 1758)', ''],
    ['Andrena fulva (Müller, 1766)', 'Andrena fulva', '(Müller, 1766)', ''],
    ['Bombus cf. terrestris', 'Bombus', '', 'cf. terrestris'],
    ['Nomada sp.', 'Nomada', '', 'sp.'],
    ['Bombus terrestris agg.', 'Bombus terrestris agg.', '', ''],
    ['Bombus terrestris × Bombus lucorum', 'Bombus terrestris × Bombus lucorum', '', ''],
  ])(
    'takes the name %s',
    async (taxon, scientificName, scientificNameAuthorship, identificationQualifier) => {
      await as('editor', '/api/v1/runs/trap-1/reviewed/review', 'POST', { verdict: 'relabel', taxon });
      const { core } = readArchive(await dwca(station, '?trap=trap-1'));
      expect(core.rows.find((row) => row['eventID'] === 'trap-1:reviewed')).toMatchObject({
        scientificName,
        scientificNameAuthorship,
        identificationQualifier,
      });
    },
  );

  it('has no event for a run that the trap broke off before its first picture', async () => {
    expect(await findRun(station, 'trap-1', 'broken-off')).toMatchObject({ storedCrops: 0 });
    const { observations } = await tables();
    expect(observations.filter((row) => row['eventID'] === 'trap-1:broken-off')).toEqual([]);
  });

  it('gives programs every text as it is, and spreadsheets none that they would run', async () => {
    for (const name of ['=1+1', '+41', '-cmd', '@SUM(A1)', "'quoted"]) {
      await as('editor', '/api/v1/traps/trap-2', 'PUT', { name });
      expect((await tables('?trap=trap-2')).deployments[0]).toMatchObject({ locationName: name });
      const { core } = readArchive(await dwca(station, '?trap=trap-2'));
      expect(core.rows[0]).toMatchObject({ locality: name });
      const line = (await (await as('editor', '/api/v1/downloads/runs.ndjson?trap=trap-2')).text()).split(
        '\n',
      )[0];
      expect(JSON.parse(line as string)).toMatchObject({ runId: 'somewhere' });
    }
    await unplaced.meta('formula', { start: '2026-06-02T10:00:00Z', trackId: '=7' });
    await unplaced.crop('formula', 'c-0', await crop('red', 5));
    await unplaced.end('formula', {
      end: '2026-06-02T10:00:02Z',
      crops: 1,
      manifest: [{ crop: 'c-0', trackStatus: '-LOST' }],
    });
    await eventually(async () => (await findRun(station, 'trap-2', 'formula')).observation?.final);
    const path = '/api/v1/downloads/crops.csv?trap=trap-2&from=2026-06-02';
    expect(readTable(await (await as('editor', path)).text())).toMatchObject([
      { track_id: '=7', track_status: '-LOST' },
    ]);
    const runs = await (await as('editor', '/api/v1/downloads/runs.csv?trap=trap-2&from=2026-06-02')).text();
    expect(readTable(runs)).toMatchObject([{ trackId: "'=7" }]);
  });
});
