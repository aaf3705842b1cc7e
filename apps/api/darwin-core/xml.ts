/** An element: its name, its attributes, what is in it. */
export type Element = readonly [name: string, attributes: Attributes, ...content: Content[]];
type Attributes = Readonly<Record<string, string | number>>;
type Content = Element | string | undefined;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
/** What no XML document may hold, not even escaped (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

/** A document as text, each element in a line of its own. */
export const xmlDocument = (root: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}\n`;

function written([name, attributes, ...content]: Element, indent: string): string {
  const tag = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`),
  ];
  const there = content.filter((part) => part !== undefined);
  if (!there.length) return `${indent}<${tag.join(' ')}/>`;
  if (there.every((part) => typeof part === 'string'))
    return `${indent}<${tag.join(' ')}>${there.map(escaped).join('')}</${name}>`;
  const lines = there.map((part) =>
    typeof part === 'string' ? `${indent}  ${escaped(part)}` : written(part, `${indent}  `),
  );
  return [`${indent}<${tag.join(' ')}>`, ...lines, `${indent}</${name}>`].join('\n');
}

const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '').replace(/[&<>"]/g, (character) => ENTITIES[character] as string);
