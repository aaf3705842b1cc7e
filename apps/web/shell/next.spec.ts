import { describe, expect, it } from '@jest/globals';
import { nextOf } from './next.js';

const STATION = 'https://traps.example.org/login';

describe('what comes after the log-in', () => {
  it.each([
    ['?next=/grafana/d/x?orgId=1&var-trap=a#panel-2', '/grafana/d/x?orgId=1&var-trap=a#panel-2'],
    ['?next=%2Fgallery%3Ftrap%3Da%26group%3Dbees%23top', '/gallery?trap=a&group=bees#top'],
    ['?next=%2Fgallery%3Ftrap%3Da&other=1', '/gallery?trap=a'],
    ['?lang=de&next=/gallery?trap=a&day=2026-07-16', '/gallery?trap=a&day=2026-07-16'],
  ])('is the whole address: %s', (query, next) => expect(nextOf(STATION + query)).toBe(next));

  it.each([
    '',
    '?next=',
    '?next=//evil.example',
    '?next=/\\evil.example',
    '?next=%2F%2Fevil.example',
    '?next=https://evil.example',
    '?next=%E0',
  ])('is nothing elsewhere: %s', (query) => expect(nextOf(STATION + query)).toBeUndefined());
});
