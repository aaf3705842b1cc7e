import { describe, expect, it } from '@jest/globals';
import { ClassifierPool, openModel, verifyModel } from '../../../libs/classifier/index.js';
import { draw } from './draw.js';
import { DRAWN_KINDS } from './drawn-kinds.js';

const MODEL = 'models/demo';
const PER_KIND = 15;
const childFile = new URL('../../../dist/libs/classifier/pool/child.js', import.meta.url);

/** Of drawings of individuals that it was not trained with: what each is, and what the model says. */
async function answers(): Promise<{ kind: string; label: string | undefined }[]> {
  const pool = await ClassifierPool.start(await openModel(MODEL), {
    processes: 1,
    childFile,
    onBatch: () => {},
  });
  try {
    const said = [];
    for (const { id: kind } of DRAWN_KINDS) {
      for (let i = 0; i < PER_KIND; i += 1) {
        const result = await pool.classifyImage(
          await draw({ kind, individual: `unseen-${i}`, pose: 'test' }),
        );
        said.push({ kind, label: result.state === 'classified' ? result.ranked[0]?.label : undefined });
      }
    }
    return said;
  } finally {
    await pool.close();
  }
}

describe('the demo model', () => {
  it('is what its card says', async () => {
    const { card } = await verifyModel(MODEL, { childFile });
    expect(card).toMatchObject({ demo: true });
    expect(card.golden?.length).toBe(DRAWN_KINDS.length);
    expect(card.labels.map(({ id }) => id)).toEqual(DRAWN_KINDS.map(({ id }) => id));
  });

  it('claims no taxon, since it has seen drawings only', async () => {
    const { card } = await openModel(MODEL);
    for (const { taxon, names } of card.labels.filter(({ kind }) => kind === 'taxon'))
      expect([taxon, names.en]).toEqual([undefined, expect.stringContaining('drawn')]);
  });

  it('tells drawn insects apart that it has not seen before, more than nine in ten', async () => {
    const said = await answers();
    const right = said.filter(({ kind, label }) => kind === label).length;
    expect(said).toHaveLength(PER_KIND * DRAWN_KINDS.length);
    expect(right / said.length).toBeGreaterThan(0.9);
  });
});
