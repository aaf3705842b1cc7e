import { useState } from 'preact/hooks';
import type { Key, MadeKey } from '../../../../libs/api-types/index.js';
import { post, remove } from '../../api/client.js';
import type { ApiProblem } from '../../api/problem.js';
import { refresh, useAnswer } from '../../api/query.js';
import { Confirm } from '../../components/confirm.js';
import { copy } from '../../components/copy.js';
import { Dialog } from '../../components/dialog.js';
import { Failed } from '../../components/failed.js';
import { toast } from '../../shell/toast.js';
import { settingsWords as t } from '../../texts/settings.js';
import { shell } from '../../texts/shell.js';
import { whenOr } from './people.js';

const ROLES = ['viewer', 'editor', 'admin', 'device'] as const;

/** Keys of programs. */
export function Keys() {
  const { data, error, reload } = useAnswer<{ readonly items: readonly Key[] }>('/keys?limit=500');
  const [made, setMade] = useState<MadeKey>();
  const [revoking, setRevoking] = useState<string>();
  const [problem, setProblem] = useState<ApiProblem>();
  const create = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const values = new FormData(form);
    try {
      setMade(
        await post<MadeKey>('/keys', { name: String(values.get('name')).trim(), role: values.get('role') }),
      );
      setProblem(undefined);
      form.reset();
    } catch (caught) {
      setProblem(caught as ApiProblem);
    }
    refresh('/keys');
  };
  return (
    <section class="card roomy stack" aria-labelledby="keys">
      <h2 id="keys">{t.keys}</h2>
      <p class="hint">{t.keysHow}</p>
      {error && <Failed error={error} onRetry={reload} />}
      {data?.items.length === 0 && <p class="quiet">{t.noKeys}</p>}
      {data && data.items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
        <div class="scroll" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.name}</th>
                <th scope="col">{t.role}</th>
                <th scope="col">{t.created}</th>
                <th scope="col">{t.lastUsed}</th>
                <th scope="col">
                  <span class="vh">{t.revoke}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.items.map(({ name, role, createdAt, lastUsedAt }) => (
                <tr key={name}>
                  <td>
                    <b>{name}</b>
                  </td>
                  <td>{shell[role]}</td>
                  <td class="quiet nowrap">{whenOr(createdAt, '')}</td>
                  <td class="quiet nowrap">{whenOr(lastUsedAt, t.never)}</td>
                  <td class="actions">
                    <button
                      class="btn ghost"
                      type="button"
                      aria-label={`${t.revoke}: ${name}`}
                      onClick={() => setRevoking(name)}
                    >
                      {t.revoke}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <form class="stack" onSubmit={(event) => void create(event)}>
        <h3>{t.newKey}</h3>
        <div class="form-row">
          <div class="field">
            <label for="key-name">{t.keyName}</label>
            <input
              class="input"
              id="key-name"
              name="name"
              autoComplete="off"
              autoCapitalize="none"
              required
            />
          </div>
          <div class="field">
            <label for="key-role">{t.role}</label>
            <select class="input" id="key-role" name="role">
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {shell[role]}
                </option>
              ))}
            </select>
          </div>
          <button class="btn main" type="submit">
            {t.create}
          </button>
        </div>
        {problem && (
          <p class="error" role="alert">
            {problem.message}
          </p>
        )}
      </form>
      {made && (
        <Dialog title={made.name} onClose={() => setMade(undefined)}>
          <div class="stack">
            <p>
              <b>{t.keyOnce}</b>
            </p>
            <p class="pre">
              <code>{made.key}</code>
            </p>
            <div class="btns">
              <button class="btn main" type="button" onClick={() => void copy(made.key)}>
                {t.copyKey}
              </button>
              <button class="btn" type="button" onClick={() => setMade(undefined)}>
                {t.haveIt}
              </button>
            </div>
          </div>
        </Dialog>
      )}
      {revoking && (
        <Confirm
          title={t.revoke}
          text={t.revokeHow(revoking)}
          name={revoking}
          onConfirm={async () => {
            await remove(`/keys/${encodeURIComponent(revoking)}`);
            refresh('/keys');
            toast(t.revoked(revoking));
          }}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </section>
  );
}
