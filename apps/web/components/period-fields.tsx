import { seasonWords as t } from '../texts/season.js';

interface Props {
  readonly period: { readonly from: string; readonly to: string };
  /** The last day that can be chosen */
  readonly most?: string;
  readonly onChange: (values: { readonly from?: string; readonly to?: string }) => void;
}

/** The first and the last day of a period. */
export const PeriodFields = ({ period, most, onChange }: Props) => (
  <span class="period">
    <input
      class="input num"
      type="date"
      aria-label={t.from}
      value={period.from}
      max={most}
      onChange={({ currentTarget: { value } }) => onChange({ from: value })}
    />
    –
    <input
      class="input num"
      type="date"
      aria-label={t.to}
      value={period.to}
      max={most}
      onChange={({ currentTarget: { value } }) => onChange({ to: value })}
    />
  </span>
);
