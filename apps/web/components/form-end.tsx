import type { ApiProblem } from '../api/problem.js';
import { shell } from '../texts/shell.js';

interface Props {
  /** Why the last attempt was refused */
  readonly problem: ApiProblem | undefined;
  readonly onCancel: () => void;
}

/** The end of a form in a dialog: what went wrong, *Save* and *Cancel*. */
export const FormEnd = ({ problem, onCancel }: Props) => (
  <>
    {problem && (
      <p class="error" role="alert">
        {problem.message}
      </p>
    )}
    <div class="btns">
      <button class="btn main" type="submit">
        {shell.save}
      </button>
      <button class="btn" type="button" onClick={onCancel}>
        {shell.cancel}
      </button>
    </div>
  </>
);
