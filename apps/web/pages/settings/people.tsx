import { useState } from 'preact/hooks';
import type { User } from '../../../../libs/api-types/index.js';
import { patch, post, remove } from '../../api/client.js';
import { refresh, useAnswer } from '../../api/query.js';
import { may, me, setPassword, stationZone } from '../../api/session.js';
import { Choice } from '../../components/choice.js';
import { Confirm } from '../../components/confirm.js';
import { Failed } from '../../components/failed.js';
import { Field, Form, Problem, textOf, useAttempts } from '../../components/form.js';
import { Rich } from '../../components/rich.js';
import { ShownOnce } from '../../components/shown-once.js';
import { Table } from '../../components/table.js';
import { toast } from '../../shell/toast.js';
import { clock, date } from '../../texts/format.js';
import { logInWords } from '../../texts/log-in.js';
import { settingsWords as t } from '../../texts/settings.js';
import { shell } from '../../texts/shell.js';
import { SeenTraps } from './seen-traps.js';

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
  const user = me.value;
  if (!user) return null;
  const submit = async (values: FormData, form: HTMLFormElement) => {
    await setPassword(String(values.get('password')), String(values.get('current')));
    form.reset();
    toast(t.passwordChanged);
  };
  return (
    <section class="card roomy stack">
      <h2>{t.you}</h2>
      <p>
        <Rich text={t.youAre(user.name, shell[user.role])} />
      </p>
      <details>
        <summary>{t.changePassword}</summary>
        <Form
          onSubmit={submit}
          describe={({ code, message }) => (code === 'wrong-password' ? t.wrongPassword : message)}
        >
          <div class="form-row">
            <Field id="current" label={t.current} type="password" autoComplete="current-password" required />
            <Field
              id="new-password"
              name="password"
              label={logInWords.newPassword}
              type="password"
              autoComplete="new-password"
              minLength={12}
              maxLength={256}
              aria-describedby="password-rules"
              required
            />
            <button class="btn" type="submit">
              {t.changePassword}
            </button>
          </div>
          <p class="hint" id="password-rules">
            {logInWords.rules}
          </p>
        </Form>
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
  const { problem, attempt } = useAttempts();
  const [made, setMade] = useState<Made>();
  const [removing, setRemoving] = useState<string>();
  const act = (work: () => Promise<unknown>) => attempt(work).then(() => refresh('/users'));
  const linkFor = async (name: string) => {
    const { path } = await post<{ path: string }>(`/users/${encodeURIComponent(name)}/link`);
    // As this browser reaches the station: the service may not know its own address.
    setMade({ name, url: new URL(path, location.origin).href });
  };
  const changeOf = async (user: User, values: Partial<Pick<User, 'role' | 'disabled' | 'traps'>>) => {
    const path = `/users/${encodeURIComponent(user.name)}`;
    await patch(path, values);
    const before = { role: user.role, disabled: user.disabled, traps: user.traps };
    toast(t.changed(user.name), () => void act(() => patch(path, before)));
    refresh('/users');
  };
  const change = (user: User, values: Parameters<typeof changeOf>[1]) => act(() => changeOf(user, values));
  const add = async (values: FormData, form: HTMLFormElement) => {
    const user = await post<User>('/users', { name: textOf(values, 'name'), role: values.get('role') });
    form.reset();
    refresh('/users');
    await linkFor(user.name);
  };
  return (
    <section class="card roomy stack" aria-labelledby="users">
      <h2 id="users">{t.people}</h2>
      {error && <Failed error={error} onRetry={reload} />}
      <Problem text={problem?.message} />
      <Table columns={[t.name, t.role, t.seenTraps, t.lastLogin, { text: shell.change, isHidden: true }]}>
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
            <td>
              <SeenTraps
                name={user.name}
                role={user.role}
                traps={user.traps}
                onChange={(seen) => changeOf(user, { traps: seen as User['traps'] })}
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
      </Table>
      <Form onSubmit={add}>
        <h3>{t.addPerson}</h3>
        <p class="hint">{t.addPersonHow}</p>
        <div class="form-row">
          <Field
            id="person-name"
            name="name"
            label={t.name}
            hint={t.nameHint}
            pattern="[A-Za-z0-9][A-Za-z0-9_.@\-]{0,63}"
            title={t.nameHint}
            autoComplete="off"
            autoCapitalize="none"
            required
          />
          <RoleField id="person-role" roles={ROLES} />
          <button class="btn main" type="submit">
            {t.add}
          </button>
        </div>
      </Form>
      {made && (
        <ShownOnce
          title={t.linkFor(made.name)}
          secret={made.url}
          copyLabel={t.copyLink}
          onClose={() => setMade(undefined)}
        >
          <p class="quiet">{t.linkHow}</p>
        </ShownOnce>
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

interface RoleFieldProps {
  readonly id: string;
  readonly roles: readonly (User['role'] | 'device')[];
}

export const RoleField = ({ id, roles }: RoleFieldProps) => (
  <div class="field">
    <label for={id}>{t.role}</label>
    <select class="input" id={id} name="role">
      {roles.map((role) => (
        <option key={role} value={role}>
          {shell[role]}
        </option>
      ))}
    </select>
  </div>
);

/** A day and a time, by the station's clock. */
export const whenOr = (instant: string | null, never: string): string =>
  instant === null
    ? never
    : `${date(instant, stationZone.value, 'short')}, ${clock(instant, stationZone.value)}`;
