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

describe('the tokens', () => {
  it('have the same dark values for the system as for the switch', () => {
    const ofSwitch = valuesIn(':root[data-theme="dark"]');
    expect(ofSwitch.length).toBeGreaterThan(30);
    expect(valuesIn(':root:not([data-theme="light"])')).toEqual(ofSwitch);
  });
});
