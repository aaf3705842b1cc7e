import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { shell } from '../texts/shell.js';

interface Toast {
  readonly text: string;
  /** Takes back what the toast tells of. */
  readonly undo?: (() => void) | undefined;
}
const SHOWN_MS = 8000;
const shown = signal<Toast | undefined>(undefined);

/** Tells what has happened, for eight seconds; never an error. */
export function toast(text: string, undo?: () => void): void {
  shown.value = { text, undo };
}

/** Takes back what the toast tells of. @returns false where there is none */
export function undoToast(): boolean {
  const { undo } = shown.value ?? {};
  if (!undo) return false;
  shown.value = undefined;
  undo();
  return true;
}

export function Toasts() {
  const [isHeld, hold] = useState(false);
  const current = shown.value;
  useEffect(() => {
    if (!current || isHeld) return;
    const timer = setTimeout(() => {
      shown.value = undefined;
    }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [current, isHeld]);
  return (
    <div role="status" class="toasts">
      {current && (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while somebody reads it
        <div
          class="toast"
          onMouseEnter={() => hold(true)}
          onMouseLeave={() => hold(false)}
          onFocusCapture={() => hold(true)}
          onBlurCapture={() => hold(false)}
        >
          <span>{current.text}</span>
          {current.undo && (
            <button class="btn" type="button" onClick={undoToast}>
              {shell.undo} <kbd>z</kbd>
            </button>
          )}
        </div>
      )}
    </div>
  );
}
