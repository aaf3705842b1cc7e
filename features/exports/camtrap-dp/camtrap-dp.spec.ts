import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VERSION } from '../../../libs/config/index.js';
import { deploymentOf } from '../../../libs/domain/index.js';
import { faultsOf } from '../../../test/fixtures/camtrap-dp/check-package.js';
import { fillSeason, MAY_1, MODEL } from '../../../test/fixtures/export-season.js';
import { bytesOf } from '../../../test/fixtures/filled-api.js';
import { readTable } from '../../../test/fixtures/read-csv.js';
import { type Key, openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { textsIn, unzip } from '../../../test/fixtures/unzip.js';
import { deploy } from '../../traps/deployments/place-trap.js';
import { setTrap } from '../../traps/trap-edit.js';

const PATH = '/api/v1/downloads/camtrap-dp.zip';
const NOW = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({
    model: MODEL,
    env: {
      TRAPLINE_PUBLIC_URL: 'https://traps.example.org',
      TRAPLINE_DATASET_TITLE: 'Wiesen & Gärten',
      TRAPLINE_DATASET_CONTRIBUTOR: 'A <b>',
      TRAPLINE_DATASET_LICENCE: 'CC-BY-4.0',
      TRAPLINE_MEDIA_LICENCE: 'https://example.org/l',
    },
  });
  await fillSeason(api.catalog, api.dataDir);
});
afterAll(() => api.close());

type Row = Readonly<Record<string, string>>;
interface Package {
  readonly files: Map<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the test is about
  readonly about: any;
  readonly deployments: readonly Row[];
  readonly media: readonly Row[];
  readonly observations: readonly Row[];
  readonly sessions: readonly Row[];
}

async function fetched(query = '', as: Key = 'editor'): Promise<Package> {
  const answer = await api.get(PATH + query, { as });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const files = textsIn(Buffer.from(await answer.arrayBuffer()));
  const table = (name: string) => readTable(files.get(`${name}.csv`) as string);
  return {
    files,
    about: JSON.parse(files.get('datapackage.json') as string),
    deployments: table('deployments'),
    media: table('media'),
    observations: table('observations'),
    sessions: table('sessions'),
  };
}

const event = ({ observations }: Package, run: string): Row =>
  observations.find(
    (row) => row['observationLevel'] === 'event' && row['eventID']?.endsWith(`:${run}`),
  ) as Row;
const crops = ({ observations }: Package, run: string): Row[] =>
  observations.filter((row) => row['observationLevel'] === 'media' && row['eventID']?.endsWith(`:${run}`));

describe('a Camtrap DP', () => {
  it.each([
    ['of everything, for an editor', '', 'editor'],
    ['of everything, for a viewer', '', 'viewer'],
    ['with the pictures', '?media=true', 'editor'],
    ['of one trap', '?trap=meadow-1', 'viewer'],
    ['of a label', '?label=honeybee', 'editor'],
    ['of a day', '?from=2026-05-01&to=2026-05-02', 'editor'],
    ['of a day before everything', '?to=2020-01-01', 'viewer'],
    ['of nothing', '?label=there-is-none', 'editor'],
    ['of a trap that nobody knows', '?trap=nobody', 'viewer'],
  ] as const)('is valid: %s', async (_what, query, as) => {
    expect(faultsOf((await fetched(query, as)).files)).toEqual([]);
  });

  it('counts each visit of known time once, whatever it shows, and lists every picture', async () => {
    const all = await fetched();
    const { total } = await api.catalog.reader
      .selectFrom('runs')
      .where('run_id', '<>', 'wrong-clock')
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    expect(all.observations.filter((row) => row['observationLevel'] === 'event')).toHaveLength(Number(total));
    const { pictures } = await api.catalog.reader
      .selectFrom('crops')
      .where('run_id', '<>', 'wrong-clock')
      .select(({ fn }) => fn.countAll<number>().as('pictures'))
      .executeTakeFirstOrThrow();
    expect(all.media).toHaveLength(Number(pictures));
    expect(all.observations.filter((row) => row['observationLevel'] === 'media')).toHaveLength(
      Number(pictures),
    );
  });

  it('tells a visit to the second in the local time of the trap, by whom it was classified and how surely', async () => {
    expect(event(await fetched(), 'bee')).toMatchObject({
      observationID: 'meadow-1:bee',
      deploymentID: 'meadow-1:d1',
      mediaID: '',
      eventStart: '2026-05-01T04:00:00-04:00',
      eventEnd: '2026-05-01T04:00:03-04:00',
      observationType: 'animal',
      scientificName: 'Apis mellifera',
      count: '1',
      classificationMethod: 'machine',
      classifiedBy: 'meadow-insects 2 (sha256:abcdef012345)',
      classificationTimestamp: '2026-05-01T08:00:06Z',
      classificationProbability: '0.64',
      observationTags: 'session:s-1|track:7|trackImages:3|modelLabel:honeybee',
    });
  });

  it('tells what the model said of each picture, with the box in the frame as a tag', async () => {
    const pictures = crops(await fetched(), 'bee');
    expect(pictures).toMatchObject([
      { mediaID: 'meadow-1:bee:0001', scientificName: 'Apis mellifera', classificationProbability: '1' },
      { mediaID: 'meadow-1:bee:0002', scientificName: 'Apis mellifera', classificationProbability: '0.9' },
      { mediaID: 'meadow-1:bee:0003', scientificName: 'Diptera', classificationProbability: '0.6' },
    ]);
    expect(pictures[0]).toMatchObject({
      bboxX: '',
      bboxWidth: '',
      count: '1',
      observationTags: 'modelLabel:honeybee|detectionConfidence:0.7|frameBox:0.1,0.2,0.3,0.4',
    });
  });

  it.each([
    [
      'unsure',
      { observationType: 'unknown', scientificName: '', count: '1', classificationProbability: '0.3' },
    ],
    ['nothing', { observationType: 'blank', scientificName: '', count: '' }],
    ['bird', { observationType: 'animal', scientificName: 'Aves', count: '1' }],
    ['open', { observationType: 'unclassified', count: '', classificationMethod: '', classifiedBy: '' }],
    ['nameless', { observationType: 'animal', scientificName: '', count: '1' }],
    ['tribe', { observationType: 'animal', scientificName: 'Syrphini' }],
    ['backwards', { eventStart: '2026-05-01T13:00:00-04:00', eventEnd: '2026-05-01T13:00:00-04:00' }],
  ])('knows what a visit is that is %s', async (run, columns) => {
    expect(event(await fetched(), run)).toMatchObject(columns);
  });

  it.each([
    [
      'unsure',
      { observationType: 'unknown', scientificName: '', count: '', classificationProbability: '0.3' },
    ],
    ['nothing', { observationType: 'blank' }],
    ['open', { observationType: 'unclassified', classificationMethod: '', classifiedBy: '' }],
  ])('knows what a picture is that is %s', async (run, columns) => {
    expect(crops(await fetched(), run)[0]).toMatchObject(columns);
  });

  it('names the person whose verdict stands, and leaves the model its word on the picture', async () => {
    const all = await fetched();
    expect(event(all, 'reviewed')).toMatchObject({
      scientificName: 'Volucella zonaria',
      classificationMethod: 'human',
      classifiedBy: '=anna()',
      classificationTimestamp: '2026-05-22T02:00:00Z',
      classificationProbability: '1',
      observationTags: 'session:s-1|track:7|trackImages:1|label:Volucella_zonaria|modelLabel:fly',
      observationComments: 'by the old oak',
    });
    expect(crops(all, 'reviewed')[0]).toMatchObject({
      scientificName: 'Diptera',
      classificationMethod: 'machine',
    });
  });

  it('leaves out a visit of unknown time, and says so', async () => {
    const all = await fetched();
    for (const rows of [all.observations, all.media])
      expect(JSON.stringify(rows)).not.toContain('wrong-clock');
    expect(all.deployments.map((row) => row['timestampIssues'])).not.toContain('true');
    expect(all.about.description).toContain('1 visit is left out');
    expect((await fetched('?label=honeybee')).about.description).not.toContain('left out');
  });
});

describe('the deployments of a Camtrap DP', () => {
  it('are those of the traps, and one for each time of which nobody has said where the trap was', async () => {
    const { deployments, observations } = await fetched();
    expect(deployments.map((row) => row['deploymentID'])).toEqual([
      'meadow-1:d1',
      'meadow-1:hill',
      'meadow-1:hill:after',
      'never-noted',
      'nowhere-1',
    ]);
    const of = (run: string) => observations.find((row) => row['eventID'] === run)?.['deploymentID'];
    expect([of('meadow-1:bee'), of('meadow-1:small-fly'), of('meadow-1:backwards')]).toEqual([
      'meadow-1:d1',
      'meadow-1:hill',
      'meadow-1:hill:after',
    ]);
  });

  it('have a start, an end, a place and what an editor said of them', async () => {
    const [d1, hill] = (await fetched()).deployments;
    expect(d1).toMatchObject({
      locationName: '=cmd()',
      latitude: '-33.86785',
      longitude: '-70.20732',
      coordinateUncertainty: '',
      deploymentStart: '2026-05-01T02:00:00-04:00',
      deploymentEnd: '2026-05-01T11:00:00-04:00',
      cameraID: 'meadow-1',
      cameraModel: 'OAK-1',
      timestampIssues: 'false',
      baitUse: '',
      deploymentTags: 'timeZone:America/Santiago',
    });
    expect(hill).toMatchObject({
      locationName: 'Hill, "north"',
      coordinateUncertainty: '7',
      setupBy: 'R. Muster',
      cameraHeight: '0.5',
      cameraTilt: '-90',
      baitUse: 'false',
      deploymentComments: 'ask at the farm',
    });
  });

  it('end with the export where they are running, and say so', async () => {
    const before = Date.now() - 1000;
    const row = (await fetched('?trap=nowhere-1')).deployments[0] as Row;
    expect(row['deploymentEnd']).toMatch(NOW);
    expect(Date.parse(row['deploymentEnd'] as string)).toBeGreaterThanOrEqual(before);
    expect(row['deploymentComments']).toContain('Still running');
  });

  it('may be anywhere on earth where nobody has said where', async () => {
    const [row] = (await fetched('?trap=nowhere-1')).deployments;
    expect(row).toMatchObject({ latitude: '0', longitude: '0', coordinateUncertainty: '20037509' });
    expect(row?.['deploymentComments']).toContain('not known');
  });

  it('keep exact places and what people wrote from viewers, and say how coarse they are', async () => {
    const { deployments, about, files } = await fetched('', 'viewer');
    expect(deployments[0]).toMatchObject({
      latitude: '-33.9',
      longitude: '-70.2',
      coordinateUncertainty: '15721',
    });
    expect(deployments[1]).toMatchObject({ coordinateUncertainty: '15698', setupBy: '' });
    expect(about.coordinatePrecision).toBe(0.1);
    expect([...files.values()].join()).not.toMatch(/33\.8678|70\.207|farm|Muster|oak/);
    const exact = await fetched('', 'editor');
    expect(exact.about.coordinatePrecision).toBeUndefined();
  });

  it('leave out one that was shortened to before the trap was known', async () => {
    const early = { trapId: 'nowhere-1', deploymentId: 'early', startMs: MAY_1 - 1000, endMs: null };
    await api.catalog.db.transaction().execute(async (tx) => {
      await setTrap(tx, 'nowhere-1', { place: { latitude: 1, longitude: 2 } }, Date.now());
      await deploy(tx, deploymentOf({ ...early, source: 'editor', place: null }), Date.now());
    });
    const { deployments, files } = await fetched('?trap=nowhere-1');
    expect(faultsOf(files)).toEqual([]);
    expect(deployments.map((row) => row['deploymentID'])).toEqual(['nowhere-1:early']);
    const [shown] = (await api.json('/api/v1/traps/nowhere-1', { as: 'editor' })).deployments.slice(-1);
    expect(shown.start).toBeNull();
    await api.catalog.db.deleteFrom('deployments').where('trap_id', '=', 'nowhere-1').execute();
  });

  it('follow a correction at once', async () => {
    const where = async () => (await fetched('?trap=nowhere-1')).deployments[0]?.['latitude'];
    expect(await where()).toBe('0');
    const say = (word: object) =>
      api.catalog.db.transaction().execute((tx) => setTrap(tx, 'nowhere-1', word, Date.now()));
    await say({ place: { latitude: 1.5, longitude: 2.5 } });
    expect(await where()).toBe('1.5');
    await say({ place: null });
  });
});

describe('the pictures of a Camtrap DP', () => {
  it('are named by their addresses, for which a key is needed', async () => {
    const { media } = await fetched();
    expect(media.find((row) => row['mediaID'] === 'meadow-1:bee:0001')).toMatchObject({
      filePath: 'https://traps.example.org/api/v1/runs/meadow-1/bee/crops/0001',
      filePublic: 'false',
      fileName: '0001.jpg',
      fileMediatype: 'image/jpeg',
      captureMethod: 'activityDetection',
      timestamp: '2026-05-01T04:00:00-04:00',
    });
  });

  it('are part of the package where that is wanted, byte for byte, but for those that were removed', async () => {
    const answer = await api.get(`${PATH}?media=true&label=honeybee`, { as: 'editor' });
    const files = unzip(Buffer.from(await answer.arrayBuffer()));
    const media = readTable(files.get('media.csv')?.toString() as string);
    const [first, second] = ['0001', '0002'].map((crop) =>
      media.find((row) => row['mediaID'] === `meadow-1:bee:${crop}`),
    );
    expect(first).toMatchObject({ filePath: 'media/2026-05-01/meadow-1/bee/0001.jpg', filePublic: 'true' });
    const crop = { trapId: 'meadow-1', runId: 'bee', cropId: '0001' };
    expect(files.get(first?.['filePath'] as string)?.equals(bytesOf(crop))).toBe(true);
    expect(second).toMatchObject({ filePublic: 'false' });
    expect(second?.['filePath']).toMatch(/^https:/);
    expect(second?.['mediaComments']).toContain('removed');
    const inside = [...files.keys()].filter((name) => name.startsWith('media/'));
    expect(inside).toHaveLength(2);
  });
});

describe('the description of a Camtrap DP', () => {
  it('says whose the data are, and under which licences', async () => {
    expect((await fetched()).about).toMatchObject({
      name: 'wiesen-garten',
      title: 'Wiesen & Gärten',
      contributors: [{ title: 'A <b>', role: 'rightsHolder' }],
      licenses: [
        { name: 'CC-BY-4.0', scope: 'data' },
        { path: 'https://example.org/l', scope: 'media' },
      ],
      sources: [{ title: 'Trapline', version: VERSION }],
    });
  });

  it("names what was seen, with ranks that the standard knows and names that are the taxon's own", async () => {
    const { taxonomic } = (await fetched()).about;
    const taxon = (name: string) =>
      taxonomic.find((each: { scientificName: string }) => each.scientificName === name);
    expect(taxon('Apis mellifera')).toEqual({
      scientificName: 'Apis mellifera',
      taxonRank: 'species',
      kingdom: 'Animalia',
      phylum: 'Arthropoda',
      class: 'Insecta',
      order: 'Hymenoptera',
      family: 'Apidae',
      vernacularNames: { eng: 'Honey bee', deu: 'Honigbiene' },
    });
    expect(taxon('Diptera')).toEqual({
      scientificName: 'Diptera',
      taxonRank: 'order',
      vernacularNames: { eng: 'Fly', deu: 'Zweiflügler' },
    });
    expect(taxon('Syrphini')).toEqual({ scientificName: 'Syrphini', vernacularNames: { eng: 'A hoverfly' } });
    expect(taxonomic.map((each: { scientificName: string }) => each.scientificName)).toEqual([
      'Apis mellifera',
      'Aves',
      'Diptera',
      'Syrphini',
      'Volucella zonaria',
    ]);
  });

  it('has the same id for the same selection, another one for another, and tells what was selected', async () => {
    const [all, again, some] = [await fetched(), await fetched(), await fetched('?trap=meadow-1')];
    expect(all.about.id).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(again.about.id).toBe(all.about.id);
    expect(some.about.id).not.toBe(all.about.id);
    expect(some.about.description).toContain('trap=meadow-1');
  });

  it('covers the time and the places of the deployments', async () => {
    const { spatial, temporal } = (await fetched('?trap=meadow-1')).about;
    expect(spatial).toMatchObject({ type: 'MultiPoint', bbox: [-70.5, -33.86785, -70.20732, -33.5] });
    expect(temporal.start).toBe('2026-05-01');
  });

  it('describes the sessions, which are the effort', async () => {
    const { sessions, about } = await fetched();
    expect(sessions).toEqual([
      expect.objectContaining({ sessionID: 'meadow-1:s-2', sessionEnd: '', effortMinutes: '' }),
      expect.objectContaining({
        sessionID: 'meadow-1:s-1',
        deploymentID: 'meadow-1:d1',
        sessionStart: '2026-05-01T03:00:00-04:00',
        sessionEnd: '2026-05-01T05:00:00-04:00',
        effortMinutes: '117.5',
        timestampIssues: 'false',
      }),
    ]);
    expect(about.resources.map((each: { name: string }) => each.name)).toContain('sessions');
  });
});

describe('the download of a Camtrap DP', () => {
  it('is named after what was asked for, and refuses what it does not know', async () => {
    const answer = await api.get(`${PATH}?trap=meadow-1&from=2026-05-01`);
    expect(answer.headers.get('content-disposition')).toContain(
      'trapline-camtrap-dp_meadow-1_from-2026-05-01.zip',
    );
    expect((await api.get(`${PATH}?pictures=true`)).status).toBe(400);
    expect((await api.get(PATH, { as: 'device' })).status).toBe(403);
    expect((await api.get(PATH, { as: 'none' })).status).toBe(401);
  });

  it('goes on where it broke off', async () => {
    const whole = await api.get(PATH);
    const bytes = Buffer.from(await whole.arrayBuffer());
    const etag = whole.headers.get('etag') as string;
    const rest = await api.get(PATH, { headers: { range: 'bytes=1000-', 'if-range': etag } });
    expect(rest.status).toBe(206);
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(1000))).toBe(true);
  });
});
