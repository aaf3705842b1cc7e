import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { TaxonNode, TaxonTree } from '../../domain/index.js';
import { ModelError } from '../card/model-error.js';

/** A picture, and what it shows as far as somebody knows. */
export interface LabelledImage {
  readonly path: string;
  /** Below the folder. */
  readonly name: string;
  readonly className: string;
  readonly truth: Truth;
}

/** What a class name means for a model: labels under a taxon, or nothing. */
export type Truth =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'taxon'; readonly labels: readonly number[]; readonly node?: TaxonNode };

const PICTURE = /\.(jpe?g|png|webp)$/i;
const NOTHING = /^(none(_.*)?|nothing|background|empty)$/i;

/**
 * Finds labelled pictures: in a folder of folders, each called after its class, or by a CSV file with `file,class` in each
 * line. A class is a label of the model, a taxon of any rank above one, or `none` for pictures of nothing.
 *
 * @returns also the classes of which the model knows nothing: their pictures are left out
 * @throws ModelError `model-missing` where there is nothing to be found, naming what is expected
 */
export async function labelledImages(
  folder: string,
  csv: string | undefined,
  tree: TaxonTree,
): Promise<{ readonly images: readonly LabelledImage[]; readonly unknown: readonly string[] }> {
  const rows = csv === undefined ? await byFolder(folder) : await byTable(folder, csv);
  const truths = new Map(
    [...new Set(rows.map(([, name]) => name))].map((name) => [name, truthOf(name, tree)]),
  );
  const images = rows.flatMap(([path, className]): LabelledImage[] => {
    const truth = truths.get(className);
    return truth ? [{ path, name: relative(folder, path), className, truth }] : [];
  });
  const unknown = [...truths].flatMap(([name, truth]) => (truth ? [] : [name]));
  if (images.length) return { images: images.sort((a, b) => (a.name < b.name ? -1 : 1)), unknown };
  throw new ModelError(
    'model-missing',
    `${folder} holds no labelled pictures${unknown.length ? ` of classes that the model knows (${unknown.slice(0, 10).join(', ')})` : ''}: ` +
      'a folder for each class is expected, called after a label, a taxon or none, or a CSV file with file,class in each line',
  );
}

async function byFolder(folder: string): Promise<[string, string][]> {
  const classes = (await entriesOf(folder)).filter((entry) => entry.isDirectory());
  const files = await Promise.all(
    classes.map(async ({ name }) => {
      const entries = await entriesOf(join(folder, name));
      return entries
        .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
        .map((entry): [string, string] => [join(folder, name, entry.name), name]);
    }),
  );
  return files.flat();
}

const entriesOf = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch(() => {
    throw new ModelError('model-missing', `${folder} is no folder that can be read`);
  });

async function byTable(folder: string, csv: string): Promise<[string, string][]> {
  const text = await readFile(csv, 'utf8').catch(() => {
    throw new ModelError('model-missing', `${csv} cannot be read`);
  });
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))
    .filter(([file, name]) => file && name && PICTURE.test(file))
    .map(([file, name]) => [join(folder, file as string), name as string]);
}

function truthOf(name: string, tree: TaxonTree): Truth | undefined {
  const at = tree.labels.findIndex(({ id }) => id === name);
  if (NOTHING.test(name) || (at >= 0 && !tree.isInsect(at))) return { kind: 'nothing' };
  const own = tree.labels[at]?.taxon;
  const wanted = (own ?? name).replaceAll('_', ' ').toLowerCase();
  const node = tree.nodes.find(({ taxon }) => taxon.toLowerCase() === wanted);
  if (node) return { kind: 'taxon', labels: node.labels, node };
  return at >= 0 ? { kind: 'taxon', labels: [at] } : undefined;
}
