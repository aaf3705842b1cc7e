import type { Traps } from '../api/traps.js';
import { shell } from '../texts/shell.js';
import { Choice } from './choice.js';

interface Props {
  readonly traps: Traps;
  readonly trap: string | undefined;
  /** Empty for all of them */
  readonly onChange: (trap: string) => void;
  readonly isChip?: boolean;
}

/** One trap, or all of them. */
export const TrapChoice = ({ traps, trap = '', onChange, isChip = false }: Props) => (
  <Choice
    label={shell.trap}
    isChip={isChip}
    value={trap}
    options={[
      ['', shell.allTraps],
      ...traps.all.map(({ trapId, name }) => [trapId, name ?? trapId] as const),
    ]}
    onChange={onChange}
  />
);
