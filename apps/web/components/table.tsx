import type { ComponentChildren } from 'preact';

interface Column {
  readonly text: string;
  /** Figures stand on the right. */
  readonly isRight?: boolean;
  /** For screen readers: what the buttons below do. */
  readonly isHidden?: boolean;
}

/** A column of figures. */
export const right = (text: string): Column => ({ text, isRight: true });

interface Props {
  readonly columns: readonly (string | Column)[];
  /** Its rows */
  readonly children: ComponentChildren;
}

/** A table that scrolls sideways where it is too wide. */
export const Table = ({ columns, children }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
  <div class="scroll" tabIndex={0}>
    <table>
      <thead>
        <tr>
          {columns
            .map((column): Column => (typeof column === 'string' ? { text: column } : column))
            .map(({ text, isRight, isHidden }) => (
              <th key={text} scope="col" class={isRight ? 'r' : undefined}>
                {isHidden ? <span class="vh">{text}</span> : text}
              </th>
            ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
