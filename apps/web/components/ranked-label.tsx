import { percent } from '../texts/format.js';
import { Latin, Name, type Named, nameOf } from './names.js';

interface Props {
  readonly ranked: Named & { readonly probability: number };
  /** From 1 */
  readonly rank: number;
}

/** One label of a model's answer, with its probability. */
export function RankedLabel({ ranked, rank }: Props) {
  const shown = nameOf(ranked);
  return (
    <div class={rank === 1 ? 'label top' : 'label'}>
      <span class="rank">{rank}</span>
      <span class="name">
        <b>
          <Name shown={shown} />
        </b>{' '}
        {shown.latin && <Latin>{shown.latin}</Latin>}
      </span>
      <span class="p">{percent(ranked.probability)}</span>
      <span class="meter">
        <span style={{ width: `${ranked.probability * 100}%` }} />
      </span>
    </div>
  );
}
