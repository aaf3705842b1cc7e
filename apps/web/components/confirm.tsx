import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { Form } from './form.js';

interface Props {
  readonly title: string;
  readonly text: string;
  /** To be typed, where what it happens to is worth that */
  readonly name?: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before what cannot be undone. */
export function Confirm({ title, text, name, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const submit = async () => {
    await onConfirm();
    onClose();
  };
  const buttons = (
    <button class="btn danger" type="submit" disabled={name !== undefined && typed !== name}>
      {title}
    </button>
  );
  return (
    <Dialog title={title} onClose={onClose}>
      <Form onSubmit={submit} buttons={buttons} onCancel={onClose}>
        {name === undefined ? (
          <p>{text}</p>
        ) : (
          <label class="field" for="confirm-name">
            {text}
            <input
              class="input"
              id="confirm-name"
              autoComplete="off"
              autoCapitalize="none"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
        )}
      </Form>
    </Dialog>
  );
}
