import { z } from 'zod';
import { type Agreement, agreementOf, type ReviewedRuns } from '../../libs/domain/index.js';
import { count, share } from '../http/index.js';
import type { ReviewConfusion } from './agreement.repository.js';

const kappa = () =>
  z.number().min(-1).max(1).nullable().meta({
    description: "Cohen's κ: 1 = full agreement, 0 = what chance gives; null where it is not defined",
  });

export const AGREEMENT = z
  .strictObject({
    model: z
      .string()
      .nullable()
      .meta({ description: 'As asked for; null = of each run the one that counts' }),
    n: count().meta({ description: 'Runs that both have judged' }),
    agreed: count(),
    kappa: kappa(),
    unsure: count().meta({ description: 'Runs of which people could not tell; in no other figure' }),
    labels: z.array(
      z.strictObject({
        label: z.string(),
        byModel: count().meta({ description: 'Runs that the model gave this label' }),
        byPeople: count(),
        agreed: count(),
        precision: share().nullable().meta({ description: 'agreed / byModel' }),
        recall: share().nullable().meta({ description: 'agreed / byPeople' }),
        kappa: kappa(),
      }),
    ),
    confusions: z.array(z.strictObject({ model: z.string(), people: z.string(), runs: count() })),
  })
  .meta({ id: 'Agreement', description: 'How far model and people agree on the same runs' });

export const EXAMPLE_AGREEMENT: z.output<typeof AGREEMENT> = {
  model: null,
  n: 50,
  agreed: 35,
  kappa: 0.4,
  unsure: 2,
  labels: [
    { label: 'fly', byModel: 25, byPeople: 30, agreed: 20, precision: 0.8, recall: 0.667, kappa: 0.4 },
    { label: 'wasp', byModel: 25, byPeople: 20, agreed: 15, precision: 0.6, recall: 0.75, kappa: 0.4 },
  ],
  confusions: [
    { model: 'wasp', people: 'fly', runs: 10 },
    { model: 'fly', people: 'wasp', runs: 5 },
  ],
};

export function presentAgreement(
  confusions: readonly ReviewConfusion[],
  model: string | undefined,
): z.output<typeof AGREEMENT> {
  const sure = confusions.flatMap((each) => asJudged(each) ?? []);
  const agreement: Agreement = agreementOf(sure);
  return {
    model: model ?? null,
    n: agreement.n,
    agreed: agreement.agreed,
    kappa: agreement.kappa ?? null,
    unsure: confusions.reduce((sum, { verdict, runs }) => sum + (verdict === 'unsure' ? runs : 0), 0),
    labels: agreement.labels.map(({ precision, recall, kappa: ofLabel, ...counts }) => ({
      ...counts,
      precision: precision ?? null,
      recall: recall ?? null,
      kappa: ofLabel ?? null,
    })),
    confusions: [...agreement.confusions],
  };
}

/** Nothing where people are unsure. Who says "no insect" agrees with every label that is none. */
function asJudged({
  modelLabel,
  modelInsect,
  verdict,
  peoplesLabel,
  runs,
}: ReviewConfusion): ReviewedRuns | undefined {
  if (peoplesLabel === null) return undefined;
  const saidTheSame = verdict === 'not-insect' && !modelInsect;
  return { model: modelLabel, people: saidTheSame ? modelLabel : peoplesLabel, runs };
}
