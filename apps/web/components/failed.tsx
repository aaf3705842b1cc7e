import type { ApiProblem } from '../api/problem.js';
import { shell } from '../texts/shell.js';

interface Props {
  readonly error: ApiProblem;
  readonly onRetry: () => void;
}

/** In the place of a part that could not be loaded. */
export const Failed = ({ error, onRetry }: Props) => (
  <div class="failed" role="alert">
    <p>{error.status === 0 ? shell.noConnection : shell.failed(error.message)}</p>
    <button class="btn" type="button" onClick={onRetry}>
      {shell.tryAgain}
    </button>
  </div>
);
