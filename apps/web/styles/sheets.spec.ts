import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const FOLDER = 'apps/web';
const sheets = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.css') && !path.includes('responsive'))
  .map((path) => join(FOLDER, path));

/** Classes whose looks a sheet defines: rules of a class alone, outside of any query. */
function definedIn(sheet: string): string[] {
  const css = readFileSync(sheet, 'utf8').replace(/\/\*.*?\*\//gs, '');
  return [...css.matchAll(/^\.([\w-]+)(?=\s*[,{])/gm)].map(([, name]) => name as string);
}

it('define each class in one sheet: those of all pages that were opened hold at once', () => {
  const homes = new Map<string, Set<string>>();
  for (const sheet of sheets)
    for (const name of definedIn(sheet)) homes.set(name, (homes.get(name) ?? new Set()).add(sheet));
  expect(homes.size).toBeGreaterThan(100);
  expect([...homes].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files])).toEqual(
    [],
  );
});
