import type { ApiProblem } from '../../api/problem.js';
import { logIn, session } from '../../api/session.js';
import { Code } from '../../components/code.js';
import { Field, useSubmit } from '../../components/form.js';
import { nextOf } from '../../shell/next.js';
import { seconds } from '../../texts/format.js';
import { logInWords as t } from '../../texts/log-in.js';
import { shell } from '../../texts/shell.js';
import { Door, LINK_COMMAND } from './door.js';

export function LogIn() {
  const { problem, isBusy, submit } = useSubmit(async (values) => {
    await logIn(String(values.get('user')), String(values.get('password')), values.has('remember'));
    goOn();
  });
  return (
    <Door title={t.title}>
      <form onSubmit={submit}>
        <Field id="user" label={t.user} autoComplete="username" autoCapitalize="none" required autoFocus />
        <Field
          id="password"
          label={t.password}
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={problem?.status === 401}
          aria-describedby="problem"
        />
        <label class="btns">
          <input type="checkbox" name="remember" /> {t.remember}
        </label>
        <p id="problem" role="alert" class="error" hidden={!problem}>
          {problem && textOf(problem)}
        </p>
        <button class="btn main big" type="submit" disabled={isBusy}>
          {t.submit}
        </button>
      </form>
      <details open={session.value?.station.needsFirstStart}>
        <summary>{t.lost}</summary>
        <div class="why stack tight">
          <p>{t.lostHow}</p>
          <Code text={LINK_COMMAND} />
        </div>
      </details>
    </Door>
  );
}

/** Other parts of the station, such as the dashboards, send people here, and want them back. */
function goOn(): void {
  const next = nextOf(location.href);
  if (next) location.assign(next);
}

function textOf(problem: ApiProblem): string {
  if (problem.status === 0) return shell.noConnection;
  if (problem.status === 401) return t.wrong;
  if (problem.status === 429) return t.tooMany(seconds(problem.retryAfterS ?? 60));
  return problem.message;
}
