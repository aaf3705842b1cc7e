const ENTRY = /\s*(\d+)\s*:\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(,|$)/y;
const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g;
const SIMPLE: Record<string, string> = { n: '\n', t: '\t', r: '\r' };

/**
 * Reads class names from a Python dict of int to str, written as text: `{0: 'ant', 1: "bee's"}`, as YOLO's
 * exports carry it. Nothing is evaluated.
 *
 * @returns the names in the order of their numbers, or `undefined` if the text is anything else, or the numbers
 * do not run from 0 without gaps
 */
export function parseNames(text: string): string[] | undefined {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return undefined;
  const names: string[] = [];
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < body.length) {
    const entry = ENTRY.exec(body);
    if (!entry || Number(entry[1]) !== names.length) return undefined;
    names.push(unescapeText((entry[2] as string).slice(1, -1)));
  }
  return names.length > 0 ? names : undefined;
}

function unescapeText(text: string): string {
  return text.replace(ESCAPE, (_, code: string) =>
    code.length > 1 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (SIMPLE[code] ?? code),
  );
}
