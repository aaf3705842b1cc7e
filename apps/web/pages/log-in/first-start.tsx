import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { ApiProblem } from '../../api/problem.js';
import { me, openByLink, setPassword } from '../../api/session.js';
import { Code } from '../../components/code.js';
import { Failed } from '../../components/failed.js';
import { Field, useSubmit } from '../../components/form.js';
import { logInWords as t } from '../../texts/log-in.js';
import { shell } from '../../texts/shell.js';
import { Door, LINK_COMMAND } from './door.js';

/** Where the link of the first start, or of `user link`, leads: logs in once, and asks for a password. */
export function FirstStart() {
  const { route } = useLocation();
  const [problem, setProblem] = useState<ApiProblem>();
  const open = () => {
    setProblem(undefined);
    // Behind the #, so that no log of a server or proxy holds it; and not in the history of the browser either.
    const token = location.hash.slice(1);
    if (token) openByLink(token).then(() => history.replaceState(null, '', '/first-start'), setProblem);
  };
  useEffect(open, []);
  if (problem?.code === 'link-not-valid')
    return (
      <Door title={t.welcome}>
        <p role="alert">{t.badLink}</p>
        <Code text={LINK_COMMAND} />
        <a class="btn" href="/">
          {t.toLogIn}
        </a>
      </Door>
    );
  return (
    <Door title={t.welcome}>
      {problem && <Failed error={problem} onRetry={open} />}
      {me.value?.mustSetPassword && <NewPassword onDone={() => route('/', true)} />}
    </Door>
  );
}

function NewPassword({ onDone }: { readonly onDone: () => void }) {
  const [isShown, show] = useState(false);
  const { problem, isBusy, submit } = useSubmit(async (values) => {
    await setPassword(String(values.get('password')));
    onDone();
  });
  return (
    <>
      <p class="quiet">{t.choose}</p>
      <form onSubmit={submit}>
        <input
          class="vh"
          type="text"
          name="user"
          autoComplete="username"
          value={me.value?.name}
          tabIndex={-1}
          readOnly
          hidden
        />
        <Field
          id="password"
          label={t.newPassword}
          hint={t.rules}
          type={(isShown ? 'text' : 'password') as 'password'}
          autoComplete="new-password"
          minLength={12}
          maxLength={256}
          required
          autoFocus
          aria-invalid={problem !== undefined}
          aria-describedby="password-hint problem"
        />
        <label class="btns">
          <input type="checkbox" checked={isShown} onChange={() => show(!isShown)} /> {t.show}
        </label>
        <p id="problem" role="alert" class="error" hidden={!problem}>
          {problem && textOf(problem)}
        </p>
        <button class="btn main big" type="submit" disabled={isBusy}>
          {t.setAndGo}
        </button>
      </form>
    </>
  );
}

function textOf(problem: ApiProblem): string {
  if (problem.status === 0) return shell.noConnection;
  return problem.errors.some(({ field }) => field === 'password') ? t.guessable : problem.message;
}
