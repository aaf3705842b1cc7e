import { useState } from 'preact/hooks';
import type { ApiProblem } from '../api/problem.js';
import { shell } from '../texts/shell.js';
import { Dialog } from './dialog.js';

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
  const [problem, setProblem] = useState<ApiProblem>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(error as ApiProblem);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
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
        {problem && (
          <p class="error" role="alert">
            {problem.message}
          </p>
        )}
        <div class="btns">
          <button class="btn danger" type="submit" disabled={name !== undefined && typed !== name}>
            {title}
          </button>
          <button class="btn" type="button" onClick={onClose}>
            {shell.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
