import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { shell } from '../texts/shell.js';
import { Icon } from './icon.js';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A dialog in front of the page: the browser keeps the focus inside, gives it back, and closes it with Esc. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isShown = useRef(true);
  const id = useId();
  // Before the next key: what somebody types right after the key that opened it belongs to the dialog, not to the page.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      // Who takes it away knows that it is closed, and may show another one in its place.
      isShown.current = false;
      element?.close();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it too
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onClose={() => isShown.current && onClose()}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="box">
        <div class="head">
          <h2 id={id}>{title}</h2>
          <button class="btn ghost square" type="button" aria-label={shell.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
