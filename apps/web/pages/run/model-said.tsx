import type { RunInFull } from '../../../../libs/api-types/index.js';
import { nameOf } from '../../components/names.js';
import { RankedLabel } from '../../components/ranked-label.js';
import { Rich } from '../../components/rich.js';
import { percent } from '../../texts/format.js';
import { runWords as t } from '../../texts/run.js';
import { rankLabels } from './model-answer.js';

const SHOWN = 3;

/** The three best labels with their probabilities, and how many pictures they rest on. */
export function ModelSaid({ run: { crops, modelObservation } }: { readonly run: RunInFull }) {
  const ranked = rankLabels(crops);
  const [first] = ranked;
  const answered = crops.filter(({ classification }) => classification?.ranked.length).length;
  return (
    <section class="card says" aria-labelledby="says">
      <h2 id="says">{t.modelSaid}</h2>
      {ranked.slice(0, SHOWN).map((each, index) => (
        <RankedLabel key={each.label} ranked={each} rank={index + 1} />
      ))}
      {modelObservation?.rolledUp && (
        <p>
          <Rich text={t.rolledUp(nameOf(modelObservation).name, percent(modelObservation.probability))} />
        </p>
      )}
      <p class="hint">
        {first && modelObservation ? t.votes(first.votes, answered, modelObservation.model) : t.notYet}
      </p>
    </section>
  );
}
