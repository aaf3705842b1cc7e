import { shell } from '../texts/shell.js';
import { copy } from './copy.js';

/** Commands to copy into a terminal. */
export const Code = ({ text }: { readonly text: string }) => (
  <div class="code">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
    <button class="btn" type="button" onClick={() => void copy(text)}>
      {shell.copy}
    </button>
  </div>
);
