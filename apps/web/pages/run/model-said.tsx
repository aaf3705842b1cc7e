import type { RunInFull } from '../../../../libs/api-types/index.js';
import { Latin, nameOf } from '../../components/names.js';
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
      {ranked.slice(0, SHOWN).map((each, index) => {
        const { name, latin, isLatin } = nameOf(each);
        return (
          <div key={each.label} class={index === 0 ? 'label top' : 'label'}>
            <span class="rank">{index + 1}</span>
            <span class="name">
              <b>{isLatin ? <Latin>{name}</Latin> : name}</b> {latin && <Latin>{latin}</Latin>}
            </span>
            <span class="p">{percent(each.probability)}</span>
            <span class="meter">
              <span style={{ width: `${each.probability * 100}%` }} />
            </span>
          </div>
        );
      })}
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
