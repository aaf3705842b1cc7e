import { type Label, lineageOf } from './label.js';

/** One taxon of a model's labels, and what stands under it. */
export interface TaxonNode {
  readonly taxon: string;
  readonly rank: string;
  readonly parent: TaxonNode | undefined;
  /** True from the order down: what stands above is too little to be claimed. */
  readonly isClaimable: boolean;
  /** Positions of the labels under it, in the order of the model's output. */
  readonly labels: readonly number[];
  /** The group that all labels under it have in common. */
  readonly group: string | undefined;
}

type Growing = { -readonly [Key in keyof TaxonNode]: TaxonNode[Key] } & { labels: number[] };

/** The labels of a model as a tree of taxa. Made once for a model. */
export class TaxonTree {
  /** Parents before their children. */
  readonly nodes: readonly TaxonNode[];

  /** @param labels in the order of the model's output */
  constructor(readonly labels: readonly Label[]) {
    const nodes = new Map<string, Growing>();
    for (const [at, label] of labels.entries()) {
      if (label.kind === 'non_insect') continue;
      let parent: Growing | undefined;
      for (const { taxon, rank } of lineageOf(label)) {
        // One name under two parents, such as a genus of beetles and one of flies, is two taxa.
        const key = `${parent?.taxon ?? ''}/${rank}/${taxon}`;
        const node = nodes.get(key) ?? grow(taxon, rank, parent, label.group);
        nodes.set(key, node);
        node.labels.push(at);
        if (node.group !== label.group) node.group = undefined;
        parent = node;
      }
    }
    this.nodes = [...nodes.values()];
  }

  /** Whether all labels of insects are placed in an order, so that their probabilities can be summed up. */
  get isComplete(): boolean {
    const taxa = this.labels.filter(({ kind }) => kind === undefined || kind === 'taxon');
    return taxa.length > 0 && taxa.every((label) => lineageOf(label).some(({ rank }) => rank === 'order'));
  }

  isInsect(at: number): boolean {
    return this.labels[at]?.kind !== 'non_insect';
  }
}

function grow(taxon: string, rank: string, parent: Growing | undefined, group: string | undefined): Growing {
  return {
    taxon,
    rank,
    parent,
    isClaimable: rank === 'order' || parent?.isClaimable === true,
    labels: [],
    group,
  };
}

/**
 * Which taxa may be claimed where only some occur: those of the list, all below them, and all above them. A species that
 * is not on the list counts for the next higher taxon that is.
 *
 * @param list scientific names; undefined: everything may occur
 */
export function occurring(tree: TaxonTree, list: ReadonlySet<string> | undefined): ReadonlySet<TaxonNode> {
  if (!list) return new Set(tree.nodes);
  const allowed = new Set<TaxonNode>();
  for (const node of tree.nodes)
    if (list.has(node.taxon) || (node.parent && isBelowListed(node.parent))) allowAll(node);
  return allowed;

  function isBelowListed(node: TaxonNode): boolean {
    return list?.has(node.taxon) === true || (node.parent !== undefined && isBelowListed(node.parent));
  }
  function allowAll(node: TaxonNode | undefined): void {
    for (let each = node; each && !allowed.has(each); each = each.parent) allowed.add(each);
  }
}
