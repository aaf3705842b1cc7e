import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_TAXON_RULE, decideRun, evidenceOf, sumOf } from './decide-run.js';
import type { Label } from './label.js';
import { observeTaxa } from './observe-taxa.js';
import { occurring, type TaxonNode, TaxonTree } from './taxon-tree.js';
import { groupVotes } from './votes.js';

const label = (path: string, group?: string): Label => {
  const ranks = ['class', 'order', 'family', 'genus', 'species'];
  const lineage = path.split(' ').map((taxon, at) => ({ rank: ranks[at] as string, taxon }));
  const own = lineage.at(-1);
  return { id: own?.taxon ?? '', taxon: own?.taxon, rank: own?.rank, group, lineage };
};
const LABELS: Label[] = [
  label('Insecta Hymenoptera Apidae Apis mellifera', 'bees'),
  label('Insecta Hymenoptera Apidae Bombus terrestris', 'bees'),
  label('Insecta Hymenoptera Vespidae Vespa crabro', 'wasps'),
  label('Insecta Diptera Syrphidae Eristalis tenax', 'hoverflies'),
  label('Insecta Diptera Syrphidae Eristalis arbustorum', 'hoverflies'),
  { id: 'none_bg', kind: 'non_insect' },
];
const tree = new TaxonTree(LABELS);
const everywhere = occurring(tree, undefined);
const decide = (crops: number[][], rule = {}, allowed = everywhere) => {
  const whole = { ...DEFAULT_TAXON_RULE, ...rule };
  const evidence = evidenceOf(crops, tree, whole);
  return evidence && decideRun(evidence, tree, whole, allowed);
};
const claim = (crops: number[][], rule = {}, allowed = everywhere) => {
  const decision = decide(crops, rule, allowed);
  return decision?.kind === 'taxon' ? decision.node.taxon : decision?.kind;
};

describe('a run by the probabilities of all labels', () => {
  it('is the deepest taxon whose labels together reach the level', () => {
    expect(claim([[0.85, 0.05, 0.05, 0.03, 0.02, 0]])).toBe('mellifera');
    expect(claim([[0.5, 0.4, 0.05, 0.03, 0.02, 0]])).toBe('Apidae');
    expect(claim([[0.4, 0.2, 0.3, 0.05, 0.05, 0]])).toBe('Hymenoptera');
    expect(claim([[0.1, 0.0, 0.0, 0.45, 0.45, 0]])).toBe('Eristalis');
    expect(claim([[0.3, 0.1, 0.1, 0.3, 0.2, 0]])).toBe('unsure');
    expect(decide([[0.5, 0.4, 0.05, 0.03, 0.02, 0]])).toMatchObject({
      label: 0,
      node: { group: 'bees', rank: 'family' },
    });
    expect(decide([[0.4, 0.2, 0.3, 0.05, 0.05, 0]])).toMatchObject({ node: { group: undefined } });
  });

  it('reaches the level also in float32', () => {
    expect(claim([[0.8, 0.2, 0, 0, 0, 0].map(Math.fround)])).toBe('mellifera');
  });

  it('is nothing where most of it is, and what is left counts among the insects only', () => {
    expect(decide([[0.2, 0.1, 0, 0, 0, 0.7]])).toEqual({ kind: 'nothing', label: 5, probability: 0.7 });
    expect(claim([[0.45, 0, 0, 0, 0.0, 0.55]])).toBe('mellifera');
    expect(decide([[0.0, 0, 0, 0, 0.0, 1]], { nothingAt: 1 })).toMatchObject({ kind: 'nothing' });
  });

  it('goes up to what can occur where it was', () => {
    const crops = [[0.05, 0.9, 0.02, 0.02, 0.01, 0]];
    const list = (...taxa: string[]) => occurring(tree, new Set(taxa));
    expect(claim(crops)).toBe('terrestris');
    expect(claim(crops, {}, list('terrestris', 'Diptera'))).toBe('terrestris');
    expect(claim(crops, {}, list('mellifera', 'Diptera'))).toBe('Apidae');
    expect(claim(crops, {}, list('Vespidae', 'Diptera'))).toBe('Hymenoptera');
    expect(claim(crops, {}, list('Apidae'))).toBe('terrestris');
    expect(claim(crops, {}, list('Diptera'))).toBe('unsure');
  });

  it('counts a sharp crop more than blurred ones', () => {
    const blurred = [0.21, 0.2, 0.2, 0.2, 0.19, 0];
    expect(claim([blurred, [0.99, 0.01, 0, 0, 0, 0]])).toBe('mellifera');
    expect(claim([[0.99, 0.01, 0, 0, 0, 0], blurred])).toBe('mellifera');
  });

  it('has nothing to say of no crops, and is no error where all numbers are 0', () => {
    expect(decide([])).toBeUndefined();
    expect(decide([[0, 0, 0, 0, 0, 0]])).toMatchObject({ kind: 'unsure', probability: 0 });
  });

  it('becomes an observation with the figures of the votes beside it', () => {
    const crops = [
      [0.5, 0.4, 0.05, 0.03, 0.02, 0],
      [0.4, 0.5, 0.05, 0.03, 0.02, 0],
      [0.5, 0.4, 0.05, 0.03, 0.02, 0],
    ];
    const votes = groupVotes(
      ['mellifera', 'terrestris', 'mellifera'].map((id) => ({ label: id, probability: 0.5 })),
    );
    expect(observeTaxa(crops, votes, tree, DEFAULT_TAXON_RULE, everywhere)).toMatchObject({
      label: 'mellifera',
      taxon: 'Apidae',
      rank: 'family',
      group: 'bees',
      insect: true,
      unsure: false,
      rolledUp: true,
      crops: 3,
      top1Crops: 2,
      top1ProbMean: 0.5,
    });
    const close = observeTaxa(
      [
        [0.1, 0.4, 0.1, 0.2, 0.2, 0],
        [0.1, 0.0, 0.5, 0.2, 0.2, 0],
      ],
      groupVotes([
        { label: 'terrestris', probability: 0.4 },
        { label: 'crabro', probability: 0.5 },
      ]),
      tree,
      DEFAULT_TAXON_RULE,
      everywhere,
    );
    expect(close?.ranking).toMatchObject([
      { label: close?.label, probability: close?.probability, top1Crops: 1 },
      { label: 'tenax', top1Crops: 0 },
      { label: 'arbustorum', top1Crops: 0 },
      { label: 'terrestris', top1Crops: 1 },
      { label: 'mellifera', top1Crops: 0 },
    ]);
    const unclear = observeTaxa([[0.3, 0.1, 0.1, 0.3, 0.2, 0]], votes, tree, DEFAULT_TAXON_RULE, everywhere);
    expect(unclear).toMatchObject({ unsure: true, reason: 'low-probability', insect: true, rolledUp: false });
  });
});

/** Taxa of up to four ranks below the class, as random cards have them; some labels stop early, some are no insects. */
const cards = fc
  .array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(3), fc.integer({ min: 0, max: 4 })), {
    minLength: 2,
    maxLength: 30,
  })
  .map((rows) => {
    const seen = new Set<string>();
    return rows.flatMap(([order, family, genus, species, depth]): Label[] => {
      const names = [
        `O${order}`,
        `O${order}F${family}`,
        `O${order}F${family}G${genus}`,
        `O${order}F${family}G${genus}s${species}`,
      ];
      const path = ['Insecta', ...names.slice(0, Math.max(1, depth))].join(' ');
      if (seen.has(path)) return [];
      seen.add(path);
      return depth === 0 && seen.size > 2 ? [{ id: `none_${seen.size}`, kind: 'non_insect' }] : [label(path)];
    });
  });
const vectorOf = (size: number) =>
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: size, maxLength: size }).map((raw) => {
    const sharp = raw.map((value) => value ** 6 + 1e-9);
    const sum = sharp.reduce((a, b) => a + b, 0);
    return sharp.map((value) => value / sum);
  });
const cases = cards.chain((labels) =>
  fc.record({
    labels: fc.constant(labels),
    crops: fc.array(vectorOf(labels.length), { minLength: 1, maxLength: 6 }),
    temperature: fc.double({ min: 0.3, max: 3, noNaN: true }),
    level: fc.double({ min: 0.51, max: 1, noNaN: true }),
  }),
);
const ancestors = (node: TaxonNode): TaxonNode[] =>
  node.parent ? [node, ...ancestors(node.parent)] : [node];

describe('what is claimed, over random cards and vectors', () => {
  it('never contradicts itself: deeper is part of higher, and probabilities add up', () => {
    let claims = 0;
    fc.assert(
      fc.property(cases, ({ labels, crops, temperature, level }) => {
        const random = new TaxonTree(labels);
        const evidence = evidenceOf(crops, random, { temperature });
        if (!evidence) return false;
        const all = evidence.insects.reduce((a, b) => a + b, 0);
        expect(all === 0 || Math.abs(all - 1) < 1e-9).toBe(true);
        for (const node of random.nodes) {
          const own = sumOf(evidence.insects, node.labels);
          const children = random.nodes.filter(({ parent }) => parent === node);
          const below = children.reduce((sum, child) => sum + sumOf(evidence.insects, child.labels), 0);
          expect(below).toBeLessThanOrEqual(own + 1e-9);
          expect(children.flatMap((child) => child.labels).every((at) => node.labels.includes(at))).toBe(
            true,
          );
        }
        const allowed = occurring(random, undefined);
        const decision = decideRun(evidence, random, { level, nothingAt: 2 }, allowed);
        if (decision.kind !== 'taxon') return true;
        claims += 1;
        expect(decision.probability).toBeGreaterThanOrEqual(level - 1e-6);
        expect(decision.probability).toBeLessThanOrEqual(1);
        expect(decision.node.isClaimable && decision.node.rank !== 'class').toBe(true);
        expect(decision.node.labels).toContain(decision.label);
        // Whoever else qualifies stands above it, and with a stricter level the claim only goes up.
        for (const node of random.nodes)
          if (node.isClaimable && sumOf(evidence.insects, node.labels) >= level)
            expect(ancestors(decision.node)).toContain(node);
        const strict = decideRun(evidence, random, { level: (level + 1) / 2, nothingAt: 2 }, allowed);
        if (strict.kind === 'taxon') expect(ancestors(decision.node)).toContain(strict.node);
        return true;
      }),
      { numRuns: 500, seed: 13 },
    );
    expect(claims).toBeGreaterThan(100);
  });

  it('is the same whatever the order of the crops, and however often all of them come', () => {
    fc.assert(
      fc.property(cases, ({ labels, crops, temperature }) => {
        const random = new TaxonTree(labels);
        const once = evidenceOf(crops, random, { temperature });
        for (const others of [[...crops].reverse(), [...crops, ...crops]]) {
          const again = evidenceOf(others, random, { temperature });
          for (const [at, value] of (once?.insects ?? []).entries())
            expect(again?.insects[at]).toBeCloseTo(value, 9);
          expect(again?.nothing).toBeCloseTo(once?.nothing ?? 0, 9);
        }
      }),
      { numRuns: 200, seed: 13 },
    );
  });

  it('only gets better with more crops', () => {
    // Crops of one insect: each a noisy look at it, some of them at nothing much.
    let state = 7;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const look = (truth: number): number[] => {
      const clear = random() ** 2 * 6;
      const raw = LABELS.map((_, at) =>
        Math.exp((at === truth ? clear : 0) + 2 * (random() + random() + random() - 1.5)),
      );
      const sum = raw.reduce((a, b) => a + b, 0);
      return raw.map((value) => value / sum);
    };
    const counts = [1, 2, 5, 10, 30];
    const right = counts.map(() => 0);
    const probability = counts.map(() => 0);
    for (let run = 0; run < 600; run++) {
      const truth = run % 5;
      const crops = Array.from({ length: 30 }, () => look(truth));
      const order = truth < 3 ? [0, 1, 2] : [3, 4];
      for (const [i, count] of counts.entries()) {
        const evidence = evidenceOf(crops.slice(0, count), tree, { temperature: 0.65 });
        if (!evidence) continue;
        probability[i] = (probability[i] as number) + sumOf(evidence.insects, order) / 600;
        const decision = decideRun(evidence, tree, DEFAULT_TAXON_RULE, everywhere);
        if (decision.kind === 'taxon' && decision.node.labels.includes(truth))
          right[i] = (right[i] as number) + 1;
      }
    }
    for (let i = 1; i < counts.length; i++) {
      expect(probability[i]).toBeGreaterThan(probability[i - 1] as number);
      expect(right[i]).toBeGreaterThan(right[i - 1] as number);
    }
  });
});
