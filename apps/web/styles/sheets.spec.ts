import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/** Names of classes in a component: literals of `class`, and texts within its expressions. */
function usedIn(component: string): Set<string> {
  const found = readFileSync(component, 'utf8').matchAll(
    /class=(?:"([^"]*)"|\{([^}]*(?:\$\{[^}]*\}[^}]*)*)\})/g,
  );
  return new Set(
    [...found].flatMap(([, plain, computed]) => (plain ?? computed ?? '').match(/[\w-]+/g) ?? []),
  );
}

const componentsOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tsx'))
    .map((path) => join(folder, path));

it('of a page define classes of that page alone: others are drawn with or without them', () => {
  const strangers = sheets
    .filter((sheet) => sheet.includes('/pages/'))
    .flatMap((sheet) => {
      const home = dirname(sheet);
      const importers = componentsOf(FOLDER).filter((path) =>
        readFileSync(path, 'utf8').includes(`/${basename(home)}/${basename(sheet)}'`),
      );
      const guests = new Set(importers.map((path) => dirname(path)));
      const defined = new Set(definedIn(sheet));
      return componentsOf(FOLDER)
        .filter((path) => dirname(path) !== home && !guests.has(dirname(path)))
        .flatMap((path) =>
          [...usedIn(path)]
            .filter((name) => defined.has(name))
            .map((name) => `${name} of ${sheet} in ${path}`),
        );
    });
  expect(strangers).toEqual([]);
});

it('define each class in one sheet: those of all pages that were opened hold at once', () => {
  const homes = new Map<string, Set<string>>();
  for (const sheet of sheets)
    for (const name of definedIn(sheet)) homes.set(name, (homes.get(name) ?? new Set()).add(sheet));
  expect(homes.size).toBeGreaterThan(100);
  expect([...homes].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files])).toEqual(
    [],
  );
});
