import { describe, expect, it } from '@jest/globals';
import { lineOf, point, seriesTags } from './line.js';

const run = point({
  measurement: 'insect_run',
  tags: { trap: 'trap-1', label: 'bee', taxon: 'Apis mellifera', insect: 'yes', model: 'm-1' },
  fields: {
    run_id: 'r "1" \\',
    name: 'Westliche Honigbiene / Western honey bee',
    probability: 1,
    crops: 3,
    unsure: 0,
    thumb: '/api/v1/x',
    hour: '07',
    duration_s: 2,
  },
  timeNs: 1_780_308_000_000_123_456n,
});

describe('a line', () => {
  it('has all tags and fields with the types of the schema, and nanoseconds', () => {
    expect(lineOf(run)).toBe(
      'insect_run,insect=yes,label=bee,model=m-1,taxon=Apis_mellifera,trap=trap-1 ' +
        'crops=3i,duration_s=2,hour="07",name="Westliche Honigbiene / Western honey bee",probability=1,run_id="r \\"1\\" \\\\",thumb="/api/v1/x",unsure=0i 1780308000000123456',
    );
  });

  it('leaves out what nobody knows', () => {
    const status = point({
      measurement: 'trap_status',
      tags: { trap: 't' },
      fields: { online: 1, age_s: 0.5, lat: null, lon: undefined },
      timeNs: 5n,
    });
    expect(lineOf(status)).toBe('trap_status,trap=t age_s=0.5,online=1i 5');
  });

  it('is none where there is no field', () => {
    expect(
      lineOf(point({ measurement: 'trap_status', tags: { trap: 't' }, fields: {}, timeNs: 5n })),
    ).toBeUndefined();
  });

  it('refuses what is no number', () => {
    expect(() => lineOf({ ...run, fields: { ...run.fields, probability: Number.NaN } })).toThrow(
      /probability/,
    );
  });

  it('names its series by the tags as they are written', () => {
    expect(seriesTags(run)).toEqual({
      trap: 'trap-1',
      label: 'bee',
      taxon: 'Apis_mellifera',
      insect: 'yes',
      model: 'm-1',
    });
  });
});
