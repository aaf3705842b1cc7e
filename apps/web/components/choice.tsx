import { Icon } from './icon.js';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, shown: string])[];
  readonly onChange: (value: string) => void;
  /** As a chip of a filter bar: petrol where something is chosen. */
  readonly isChip?: boolean;
}

/** A choice of one, as the system shows it. */
export const Choice = ({ label, value, options, onChange, isChip = false }: Props) => (
  <span class={`select${isChip ? ' chip-like' : ''}${isChip && value !== '' ? ' is-set' : ''}`}>
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map(([each, shown]) => (
        <option key={each} value={each}>
          {shown}
        </option>
      ))}
    </select>
    <Icon name="down" />
  </span>
);
