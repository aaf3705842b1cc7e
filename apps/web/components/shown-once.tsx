import type { ComponentChildren } from 'preact';
import { shell } from '../texts/shell.js';
import { copy } from './copy.js';
import { Dialog } from './dialog.js';

interface Props {
  readonly title: string;
  readonly secret: string;
  readonly copyLabel: string;
  readonly onClose: () => void;
  /** What it is for */
  readonly children: ComponentChildren;
}

/** A secret that is shown this once: to copy, or to close. */
export const ShownOnce = ({ title, secret, copyLabel, onClose, children }: Props) => (
  <Dialog title={title} onClose={onClose}>
    <div class="stack">
      {children}
      <p class="pre">
        <code>{secret}</code>
      </p>
      <div class="btns">
        <button class="btn main" type="button" onClick={() => void copy(secret)}>
          {copyLabel}
        </button>
        <button class="btn" type="button" onClick={onClose}>
          {shell.haveIt}
        </button>
      </div>
    </div>
  </Dialog>
);
