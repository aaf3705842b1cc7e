import type { UsualRange } from '../../../libs/api-types/index.js';
import './band.css';

interface Props {
  readonly value: number;
  readonly usual: UsualRange;
  /** The finding in words */
  readonly label: string;
}

/** Room beyond the larger of value and band. */
const ROOM = 1.15;

/** A number held against what is usual, on a line of its own scale. */
export function Band({ value, usual: { low, median, high }, label }: Props) {
  const scale = 100 / (Math.max(value, high, 1) * ROOM);
  const at = (each: number) => `${(each * scale).toFixed(1)}%`;
  const out = value > high ? ' high' : value < low ? ' low' : '';
  return (
    <span class="band" role="img" aria-label={label}>
      <span class="usual" style={{ left: at(low), width: at(high - low) }} />
      <span class="mid" style={{ left: at(median) }} />
      <span class={`now${out}`} style={{ left: at(value) }} />
    </span>
  );
}
