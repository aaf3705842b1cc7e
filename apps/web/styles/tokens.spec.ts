import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync('apps/web/styles/tokens.css', 'utf8');
const valuesIn = (start: string): string[] => {
  const from = css.indexOf('{', css.indexOf(start)) + 1;
  return css
    .slice(from, css.indexOf('}', from))
    .split(';')
    .map((each) => each.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
};

const nameOf = (value: string) => value.replace(/^.*?(--[\w-]+):.*$/, '$1');

describe('the tokens', () => {
  it('have a dark value for every colour', () => {
    const colours = valuesIn(':root {').filter((value) => /#[0-9a-f]{6}|rgb\(/.test(value));
    expect(colours.length).toBeGreaterThan(30);
    expect(valuesIn(':root[data-theme="dark"]').slice(1).map(nameOf)).toEqual(colours.map(nameOf));
  });
});
