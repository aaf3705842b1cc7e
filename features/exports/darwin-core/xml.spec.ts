import { expect, it } from '@jest/globals';
import { DOMParser } from '@xmldom/xmldom';
import { xmlDocument } from './meta-xml.js';

const read = (xml: string) => new DOMParser().parseFromString(xml, 'text/xml').documentElement;

it('gives back whatever stands in texts and attributes, but for what XML forbids', () => {
  const text = `<a & "b"> 'c' ]]> ü 😀`;
  const root = read(xmlDocument(['r', { a: text }, ['t', {}, text]]));
  expect([root?.getAttribute('a'), root?.getElementsByTagName('t')[0]?.textContent]).toEqual([text, text]);
  expect(xmlDocument(['r', {}, 'a\u0000b\u0008c\uffff\ud800d'])).toContain('<r>abcd</r>');
});

it('leaves out what is not there', () => {
  expect(xmlDocument(['r', {}, undefined, ['e', { n: 1 }]])).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<r>\n  <e n="1"/>\n</r>\n',
  );
});
