import { describe, expect, it } from '@jest/globals';
import { type RangeRequest, rangeRequestOf } from '../range-request.js';
import { chooseSnapshot, etagOf } from './snapshots.js';
import { snapshot } from './spec-snapshot.js';

const HOUR_MS = 3_600_000;
const choose = (known: Parameters<typeof chooseSnapshot>[0], wanted: RangeRequest, nowMs = 0) => {
  const choice = chooseSnapshot(known, wanted, nowMs);
  return [choice.snapshot?.id ?? 'new', choice.wholeOnly ? 'whole only' : 'or a part'];
};
const rest = (from: number): RangeRequest => ({ is: 'rest', from });
const WHOLE: RangeRequest = { is: 'whole' };
const begun = { awaited: 1, sentTo: 600 };
const ended = { awaited: 0, sentTo: 1000 };

describe('a request without a range', () => {
  it('gets a list of its own', () => {
    expect(choose([], WHOLE)).toEqual(['new', 'or a part']);
    expect(choose([snapshot('a', ended)], WHOLE)).toEqual(['new', 'or a part']);
  });

  it('gets the list of a download that was begun within the hour and not ended, so that both can be resumed', () => {
    expect(choose([snapshot('a', begun)], WHOLE, HOUR_MS)).toEqual(['a', 'or a part']);
    expect(choose([snapshot('a', begun)], WHOLE, HOUR_MS + 1)).toEqual(['new', 'or a part']);
  });

  it('gets the list that it has asked the headers of', () => {
    expect(choose([snapshot('a')], WHOLE)).toEqual(['a', 'or a part']);
  });
});

describe('a request for the rest, as `curl -C -` sends it', () => {
  it('goes on with the list that was begun and not ended, hours later too', () => {
    const known = [snapshot('later', ended), snapshot('begun', begun), snapshot('before', ended)];
    expect(choose(known, rest(600), 9 * HOUR_MS)).toEqual(['begun', 'or a part']);
  });

  it('goes on with the newest of those that ended where none is open', () => {
    expect(choose([snapshot('b', ended), snapshot('a', ended)], rest(600))).toEqual(['b', 'or a part']);
  });

  it('is of a list of which so much went out', () => {
    const known = [snapshot('b', { awaited: 1, sentTo: 599 }), snapshot('a', begun)];
    expect(choose(known, rest(600))).toEqual(['a', 'or a part']);
  });

  it('of all that there is, is of the list that is so long', () => {
    const known = [snapshot('b', { ...begun, length: 9000, sentTo: 5000 }), snapshot('a', ended)];
    expect(choose(known, rest(1000))).toEqual(['a', 'or a part']);
  });

  it('gets no part where two lists could be meant, or none', () => {
    expect(choose([snapshot('b', begun), snapshot('a', begun)], rest(600))).toEqual(['b', 'whole only']);
    expect(choose([], rest(600))).toEqual(['new', 'whole only']);
    expect(choose([snapshot('a', { sentTo: 10 })], rest(600), 2 * HOUR_MS)).toEqual(['new', 'whole only']);
  });
});

describe('a request with If-Range', () => {
  const tagged = (id: string): RangeRequest => ({ is: 'tagged', tag: etagOf({ id }) });

  it('gets the list that it names', () => {
    expect(choose([snapshot('b', begun), snapshot('a', ended)], tagged('a'))).toEqual(['a', 'or a part']);
  });

  it('gets the whole of another where that is gone', () => {
    expect(choose([snapshot('b', ended)], tagged('a'))).toEqual(['new', 'whole only']);
  });
});

it('gives any other part of the newest list, for clients that look into the archive', () => {
  expect(choose([snapshot('b', ended), snapshot('a', begun)], { is: 'part' })).toEqual(['b', 'or a part']);
});

it.each<[string | undefined, string | undefined, RangeRequest]>([
  [undefined, undefined, WHOLE],
  ['bytes=0-', undefined, WHOLE],
  ['bytes=600-', undefined, rest(600)],
  ['bytes=600-700', undefined, { is: 'part' }],
  ['bytes=-500', undefined, { is: 'part' }],
  ['bytes=0-1,5-6', undefined, { is: 'part' }],
  ['bytes=600-', '"a"', { is: 'tagged', tag: '"a"' }],
])('reads what Range %s and If-Range %s ask for', (range, condition, wanted) => {
  const headers = { range, ...(condition && { 'if-range': condition }) };
  expect(rangeRequestOf({ method: 'GET', headers })).toEqual(wanted);
});
