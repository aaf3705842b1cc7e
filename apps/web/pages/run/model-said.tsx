import type { RunInFull } from '../../../../libs/api-types/index.js';
import { type Named, nameOf } from '../../components/names.js';
import { RankedLabel } from '../../components/ranked-label.js';
import { Rich } from '../../components/rich.js';
import { percent } from '../../texts/format.js';
import { runWords as t } from '../../texts/run.js';

const SHOWN = 3;

/** The three best of the labels between which the model decided, by the figures from which it decided. */
export function ModelSaid({ run: { ranking, crops, modelObservation } }: { readonly run: RunInFull }) {
  const [first] = ranking;
  const also = others(crops, ranking)
    .slice(0, Math.max(0, SHOWN - ranking.length))
    .map((each) => nameOf(each).name);
  return (
    <section class="card says" aria-labelledby="says">
      <h2 id="says">{t.modelSaid}</h2>
      {ranking.slice(0, SHOWN).map((each, index) => (
        <RankedLabel key={each.label} ranked={each} rank={index + 1} />
      ))}
      {modelObservation?.rolledUp && (
        <p>
          <Rich text={t.rolledUp(nameOf(modelObservation).name, percent(modelObservation.probability))} />
        </p>
      )}
      {first && also.length > 0 && <p class="hint">{t.alsoPossible(also.join(', '))}</p>}
      <p class="hint">
        {first && modelObservation
          ? t.votes(first.top1Crops, modelObservation.crops ?? 0, modelObservation.model)
          : t.notYet}
      </p>
    </section>
  );
}

/**
 * The labels that came close in single pictures, and had no part in the decision, most probable first. They have no figure:
 * beside those of the decision it would be of another kind.
 */
function others(crops: RunInFull['crops'], ranking: RunInFull['ranking']): (Named & { label: string })[] {
  const sums = new Map<string, { sum: number; named: Named & { label: string } }>();
  for (const named of crops.flatMap(({ classification }) => classification?.ranked ?? [])) {
    if (ranking.some(({ label }) => label === named.label)) continue;
    const { sum = 0 } = sums.get(named.label) ?? {};
    sums.set(named.label, { sum: sum + named.probability, named });
  }
  return [...sums.values()].sort((a, b) => b.sum - a.sum).map(({ named }) => named);
}
