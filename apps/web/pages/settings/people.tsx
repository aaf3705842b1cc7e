import { useState } from 'preact/hooks';
import type { User } from '../../../../libs/api-types/index.js';
import { patch, post, remove } from '../../api/client.js';
import type { ApiProblem } from '../../api/problem.js';
import { refresh, useAnswer } from '../../api/query.js';
import { may, me, setPassword, stationZone } from '../../api/session.js';
import { Choice } from '../../components/choice.js';
import { Confirm } from '../../components/confirm.js';
import { copy } from '../../components/copy.js';
import { Dialog } from '../../components/dialog.js';
import { Failed } from '../../components/failed.js';
import { Rich } from '../../components/rich.js';
import { toast } from '../../shell/toast.js';
import { clock, date } from '../../texts/format.js';
import { logInWords } from '../../texts/log-in.js';
import { settingsWords as t } from '../../texts/settings.js';
import { shell } from '../../texts/shell.js';

const ROLES = ['viewer', 'editor', 'admin'] as const;
const PATH = '/users?limit=500';

/** Who may what: oneself for everybody, all people for admins. */
export const People = () => (
  <>
    <You />
    {may('admin') && <Users />}
    <section class="card roomy">
      <h2>{t.roles}</h2>
      <ul class="stack tight">
        {[t.viewerMay, t.editorMay, t.adminMay].map((text) => (
          <li key={text}>
            <Rich text={text} />
          </li>
        ))}
      </ul>
    </section>
  </>
);

function You() {
  const [problem, setProblem] = useState<ApiProblem>();
  const user = me.value;
  if (!user) return null;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const values = new FormData(form);
    try {
      await setPassword(String(values.get('password')), String(values.get('current')));
      setProblem(undefined);
      form.reset();
      toast(t.passwordChanged);
    } catch (error) {
      setProblem(error as ApiProblem);
    }
  };
  return (
    <section class="card roomy stack">
      <h2>{t.you}</h2>
      <p>
        <Rich text={t.youAre(user.name, shell[user.role])} />
      </p>
      <details>
        <summary>{t.changePassword}</summary>
        <form class="stack" onSubmit={submit}>
          <div class="form-row">
            <div class="field">
              <label for="current">{t.current}</label>
              <input
                class="input"
                id="current"
                name="current"
                type="password"
                autoComplete="current-password"
                required
              />
            </div>
            <div class="field">
              <label for="new-password">{logInWords.newPassword}</label>
              <input
                class="input"
                id="new-password"
                name="password"
                type="password"
                autoComplete="new-password"
                minLength={12}
                maxLength={256}
                aria-describedby="password-rules"
                required
              />
            </div>
            <button class="btn" type="submit">
              {t.changePassword}
            </button>
          </div>
          <p class="hint" id="password-rules">
            {logInWords.rules}
          </p>
          {problem && (
            <p class="error" role="alert">
              {problem.code === 'wrong-password' ? t.wrongPassword : problem.message}
            </p>
          )}
        </form>
      </details>
    </section>
  );
}

interface Made {
  readonly name: string;
  readonly url: string;
}

function Users() {
  const { data, error, reload } = useAnswer<{ readonly items: readonly User[] }>(PATH);
  const [problem, setProblem] = useState<ApiProblem>();
  const [made, setMade] = useState<Made>();
  const [removing, setRemoving] = useState<string>();
  const act = async (what: () => Promise<unknown>) => {
    try {
      await what();
      setProblem(undefined);
    } catch (caught) {
      setProblem(caught as ApiProblem);
    }
    refresh('/users');
  };
  const linkFor = async (name: string) => {
    const { path } = await post<{ path: string }>(`/users/${encodeURIComponent(name)}/link`);
    // As this browser reaches the station: the service may not know its own address.
    setMade({ name, url: new URL(path, location.origin).href });
  };
  const change = (user: User, values: Partial<Pick<User, 'role' | 'disabled'>>) =>
    act(async () => {
      const path = `/users/${encodeURIComponent(user.name)}`;
      await patch(path, values);
      const before = { role: user.role, disabled: user.disabled };
      toast(t.changed(user.name), () => void act(() => patch(path, before)));
    });
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const values = new FormData(form);
    const name = String(values.get('name')).trim();
    void act(async () => {
      const user = await post<User>('/users', { name, role: values.get('role') });
      form.reset();
      await linkFor(user.name);
    });
  };
  return (
    <section class="card roomy stack" aria-labelledby="users">
      <h2 id="users">{t.people}</h2>
      {error && <Failed error={error} onRetry={reload} />}
      {problem && (
        <p class="error" role="alert">
          {problem.message}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.name}</th>
              <th scope="col">{t.role}</th>
              <th scope="col">{t.lastLogin}</th>
              <th scope="col">
                <span class="vh">{shell.change}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data?.items.map((user) => (
              <tr key={user.name}>
                <td>
                  <b>{user.name}</b> {user.disabled && <span class="tag">{t.disabled}</span>}
                </td>
                <td>
                  <Choice
                    label={`${t.role}: ${user.name}`}
                    value={user.role}
                    options={ROLES.map((role) => [role, shell[role]])}
                    onChange={(role) => void change(user, { role: role as User['role'] })}
                  />
                </td>
                <td class="quiet nowrap">{whenOr(user.lastLoginAt, t.never)}</td>
                <td class="actions">
                  <button
                    class="btn ghost"
                    type="button"
                    aria-label={`${t.newLink}: ${user.name}`}
                    onClick={() => void act(() => linkFor(user.name))}
                  >
                    {t.newLink}
                  </button>
                  {user.name !== me.value?.name && (
                    <>
                      <button
                        class="btn ghost"
                        type="button"
                        aria-label={`${user.disabled ? t.enable : t.disable}: ${user.name}`}
                        onClick={() => void change(user, { disabled: !user.disabled })}
                      >
                        {user.disabled ? t.enable : t.disable}
                      </button>
                      <button
                        class="btn ghost"
                        type="button"
                        aria-label={`${t.removePerson}: ${user.name}`}
                        onClick={() => setRemoving(user.name)}
                      >
                        {t.removePerson}
                      </button>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <form class="stack" onSubmit={add}>
        <h3>{t.addPerson}</h3>
        <p class="hint">{t.addPersonHow}</p>
        <div class="form-row">
          <div class="field">
            <label for="person-name">{t.name}</label>
            <input
              class="input"
              id="person-name"
              name="name"
              autoComplete="off"
              autoCapitalize="none"
              required
            />
          </div>
          <div class="field">
            <label for="person-role">{t.role}</label>
            <select class="input" id="person-role" name="role">
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {shell[role]}
                </option>
              ))}
            </select>
          </div>
          <button class="btn main" type="submit">
            {t.add}
          </button>
        </div>
      </form>
      {made && (
        <Dialog title={t.linkFor(made.name)} onClose={() => setMade(undefined)}>
          <div class="stack">
            <p class="quiet">{t.linkHow}</p>
            <p class="pre">
              <code>{made.url}</code>
            </p>
            <div class="btns">
              <button class="btn main" type="button" onClick={() => void copy(made.url)}>
                {t.copyLink}
              </button>
              <button class="btn" type="button" onClick={() => setMade(undefined)}>
                {t.haveIt}
              </button>
            </div>
          </div>
        </Dialog>
      )}
      {removing && (
        <Confirm
          title={t.removePerson}
          text={t.removePersonHow(removing)}
          name={removing}
          onConfirm={async () => {
            await remove(`/users/${encodeURIComponent(removing)}`);
            refresh('/users');
            toast(t.personRemoved(removing));
          }}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </section>
  );
}

/** A day and a time, by the station's clock. */
export const whenOr = (instant: string | null, never: string): string =>
  instant === null
    ? never
    : `${date(instant, stationZone.value, 'short')}, ${clock(instant, stationZone.value)}`;
