import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { fillSeason, MODEL } from '../../../test/fixtures/export-season.js';
import { readCsv, readTable } from '../../../test/fixtures/read-csv.js';
import { type Key, openSmallApi, type SmallApi } from '../../../test/fixtures/small-api.js';
import { textsIn } from '../../../test/fixtures/unzip.js';

const PATH = '/api/v1/downloads/dwca.zip';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi({
    model: MODEL,
    env: {
      TRAPLINE_PUBLIC_URL: 'https://traps.example.org',
      TRAPLINE_PUBLIC_THUMBNAILS: 'true',
      TRAPLINE_DATASET_TITLE: 'Bees & <flies> "here"',
      TRAPLINE_DATASET_CONTRIBUTOR: 'Müller & Söhne',
      TRAPLINE_DATASET_LICENCE: 'CC-BY-4.0',
    },
  });
  await fillSeason(api.catalog, api.dataDir);
});
afterAll(() => api.close());

async function fetched(query = '', as: Key = 'editor') {
  const answer = await api.get(PATH + query, { as });
  expect(answer.status).toBe(200);
  const files = textsIn(Buffer.from(await answer.arrayBuffer()));
  const text = (name: string) => files.get(name) as string;
  return {
    files,
    occurrences: readTable(text('occurrence.csv')),
    multimedia: readTable(text('multimedia.csv')),
    meta: parsed(text('meta.xml')),
    eml: parsed(text('eml.xml')),
  };
}

/** @throws where it is not well-formed */
function parsed(xml: string): Element {
  const onError = (_level: string, message: string) => {
    throw new Error(message);
  };
  return new DOMParser({ onError }).parseFromString(xml, 'text/xml').documentElement as Element;
}

const all = (from: Element, name: string): Element[] => [...from.getElementsByTagName(name)];
const textOf = (from: Element, name: string) => all(from, name)[0]?.textContent?.replace(/\s+/g, ' ').trim();

describe('a Darwin Core Archive', () => {
  it('has one occurrence for each visit of an insect that is certain, and none for anything else', async () => {
    const { occurrences } = await fetched();
    expect(occurrences.map((row) => row['eventID']).sort()).toEqual([
      'meadow-1:bee',
      'meadow-1:nameless',
      'meadow-1:reviewed',
      'meadow-1:small-fly',
      'meadow-1:tribe',
      'meadow-1:wrong-clock',
    ]);
  });

  it('tells when, where, what, by whom and with what effort', async () => {
    const { occurrences } = await fetched();
    expect(occurrences.find((row) => row['eventID'] === 'meadow-1:bee')).toMatchObject({
      basisOfRecord: 'MachineObservation',
      occurrenceStatus: 'present',
      individualCount: '1',
      parentEventID: 'meadow-1:d1',
      eventDate: '2026-05-01T08:00:00Z/2026-05-01T08:00:03Z',
      samplingProtocol: 'camera trap',
      sampleSizeValue: '117.5',
      sampleSizeUnit: 'minute',
      scientificName: 'Apis mellifera',
      taxonRank: 'species',
      kingdom: 'Animalia',
      order: 'Hymenoptera',
      verbatimIdentification: 'honeybee',
      identifiedBy: 'meadow-insects 2 (sha256:abcdef012345)',
      identificationRemarks: 'Classified by a machine with 64 % certainty (2 of 3 pictures).',
      decimalLatitude: '-33.86785',
      geodeticDatum: 'EPSG:4326',
      dataGeneralizations: '',
      license: 'http://creativecommons.org/licenses/by/4.0/legalcode',
      rightsHolder: 'Müller & Söhne',
    });
  });

  it("says of a review who, when and what was verified, and that the evidence is the camera's", async () => {
    const { occurrences } = await fetched();
    expect(occurrences.find((row) => row['eventID'] === 'meadow-1:reviewed')).toMatchObject({
      basisOfRecord: 'MachineObservation',
      identifiedBy: '=anna()',
      scientificName: 'Volucella zonaria',
      dateIdentified: '2026-05-22T02:00:00Z',
      identificationVerificationStatus: 'verified using recorded media',
      identificationRemarks: 'Classified by a person. by the old oak',
    });
    const { files } = await fetched('', 'viewer');
    expect(files.get('occurrence.csv')).not.toContain('oak');
  });

  it('says of an insect without a name no more than is known', async () => {
    const { occurrences } = await fetched();
    const nameless = occurrences.find((row) => row['eventID'] === 'meadow-1:nameless');
    expect(nameless).toMatchObject({
      scientificName: 'Animalia',
      taxonRank: 'kingdom',
      verbatimIdentification: 'other',
    });
  });

  it('rounds places for viewers, says so, and leaves out a place that nobody knows', async () => {
    const bee = (await fetched('', 'viewer')).occurrences.find((row) => row['eventID'] === 'meadow-1:bee');
    expect(bee).toMatchObject({
      decimalLatitude: '-33.9',
      decimalLongitude: '-70.2',
      coordinateUncertaintyInMeters: '15721',
      coordinatePrecision: '0.1',
      dataGeneralizations: 'coordinates rounded to 0.1 degree',
    });
    const late = (await fetched()).occurrences.find((row) => row['eventID'] === 'meadow-1:wrong-clock');
    expect(late).toMatchObject({ decimalLatitude: '', decimalLongitude: '', geodeticDatum: '' });
    expect(late).toMatchObject({ eventDate: '', verbatimEventDate: '2099-01-01T00:00:00Z' });
    expect(late?.['eventRemarks']).toContain('nobody knows when');
  });

  it('gives a visit the same id at every export, and no id twice', async () => {
    const ids = async (query = '', as: Key = 'editor') =>
      new Map((await fetched(query, as)).occurrences.map((row) => [row['eventID'], row['occurrenceID']]));
    const [first, second] = [await ids(), await ids('?trap=meadow-1', 'viewer')];
    expect(second.get('meadow-1:bee')).toBe(first.get('meadow-1:bee'));
    expect(new Set(first.values()).size).toBe(first.size);
    for (const id of first.values())
      expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('has the pictures that are there and open without a key, each with its occurrence', async () => {
    const { occurrences, multimedia } = await fetched('?label=honeybee');
    expect(multimedia.map((row) => row['identifier'])).toEqual([
      'https://traps.example.org/api/v1/runs/meadow-1/bee/crops/0001/thumbnail?size=256',
      'https://traps.example.org/api/v1/runs/meadow-1/bee/crops/0003/thumbnail?size=256',
    ]);
    expect(multimedia[0]).toMatchObject({
      coreID: occurrences[0]?.['occurrenceID'],
      type: 'StillImage',
      format: 'image/jpeg',
      created: '2026-05-01T08:00:00Z',
    });
  });

  it('describes its tables column by column', async () => {
    const { meta, files } = await fetched();
    expect(meta.getAttribute('metadata')).toBe('eml.xml');
    for (const [name, idName] of [
      ['core', 'id'],
      ['extension', 'coreid'],
    ] as const) {
      const [table] = all(meta, name) as [Element];
      const [header, ...rows] = readCsv(files.get(textOf(table, 'location') as string) as string);
      expect(rows.length).toBeGreaterThan(0);
      const terms = all(table, 'field').map((field) => [
        Number(field.getAttribute('index')),
        field.getAttribute('term')?.split('/').at(-1),
      ]);
      const described = new Map(terms as [number, string][]);
      const id = Number(all(table, idName)[0]?.getAttribute('index'));
      header?.forEach((column, index) => {
        if (index !== id || name === 'core') expect([index, described.get(index)]).toEqual([index, column]);
      });
      expect(described.size).toBe(name === 'core' ? header?.length : (header?.length ?? 0) - 1);
      expect(table.getAttribute('ignoreHeaderLines')).toBe('1');
      expect(table.getAttribute('fieldsEnclosedBy')).toBe('"');
    }
  });

  it('says of itself what EML wants, in its order, whatever the settings hold', async () => {
    const { eml } = await fetched('', 'viewer');
    expect(eml.tagName).toBe('eml:eml');
    const [dataset] = all(eml, 'dataset') as [Element];
    const order = [...dataset.childNodes].filter((node) => node.nodeType === 1).map((node) => node.nodeName);
    expect(order).toEqual([
      'alternateIdentifier',
      'title',
      'creator',
      'metadataProvider',
      'pubDate',
      'language',
      'abstract',
      'keywordSet',
      'keywordSet',
      'intellectualRights',
      'licensed',
      'coverage',
      'contact',
      'methods',
    ]);
    expect(textOf(dataset, 'title')).toBe('Bees & <flies> "here"');
    expect(textOf(dataset, 'organizationName')).toBe('Müller & Söhne');
    expect(all(dataset, 'ulink')[0]?.getAttribute('url')).toContain('creativecommons.org/licenses/by/4.0');
    expect(textOf(dataset, 'westBoundingCoordinate')).toBe('-70.5');
    expect(textOf(dataset, 'calendarDate')).toBe('2026-05-01');
    expect(all(dataset, 'taxonRankValue').map((each) => each.textContent)).toContain('Volucella zonaria');
    expect(textOf(dataset, 'abstract')).toContain('rounded');
  });

  it('is whole where there is nothing to tell', async () => {
    const { occurrences, multimedia, eml } = await fetched('?label=there-is-none');
    expect([occurrences, multimedia]).toEqual([[], []]);
    expect(all(eml, 'taxonomicCoverage')).toEqual([]);
  });
});
