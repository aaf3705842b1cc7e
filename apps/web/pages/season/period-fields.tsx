import { seasonWords as t } from '../../texts/season.js';

interface Props {
  readonly period: { readonly from: string; readonly to: string };
  /** The last day that can be chosen */
  readonly most?: string;
  readonly onChange: (values: { readonly from?: string; readonly to?: string }) => void;
}

/** The first and the last day of a period. */
export function PeriodFields({ period, most, onChange }: Props) {
  const field = (each: 'from' | 'to') => (
    <input
      class="input num"
      type="date"
      aria-label={t[each]}
      value={period[each]}
      max={most}
      onChange={({ currentTarget: { value } }) => onChange({ [each]: value })}
    />
  );
  return (
    <span class="period">
      {field('from')}–{field('to')}
    </span>
  );
}
