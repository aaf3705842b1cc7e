import { useState } from 'preact/hooks';
import type { Key, MadeKey } from '../../../../libs/api-types/index.js';
import { patch, post, remove } from '../../api/client.js';
import { refresh, useAnswer } from '../../api/query.js';
import { Confirm } from '../../components/confirm.js';
import { Failed } from '../../components/failed.js';
import { Field, Form, textOf } from '../../components/form.js';
import { ShownOnce } from '../../components/shown-once.js';
import { Table } from '../../components/table.js';
import { toast } from '../../shell/toast.js';
import { settingsWords as t } from '../../texts/settings.js';
import { shell } from '../../texts/shell.js';
import { RoleField, whenOr } from './people.js';
import { SeenTraps } from './seen-traps.js';

const ROLES = ['viewer', 'editor', 'admin', 'device'] as const;

/** Keys of programs. */
export function Keys() {
  const { data, error, reload } = useAnswer<{ readonly items: readonly Key[] }>('/keys?limit=500');
  const [made, setMade] = useState<MadeKey>();
  const [revoking, setRevoking] = useState<string>();
  const create = async (values: FormData, form: HTMLFormElement) => {
    setMade(await post<MadeKey>('/keys', { name: textOf(values, 'name'), role: values.get('role') }));
    form.reset();
    refresh('/keys');
  };
  return (
    <section class="card roomy stack" aria-labelledby="keys">
      <h2 id="keys">{t.keys}</h2>
      <p class="hint">{t.keysHow}</p>
      {error && <Failed error={error} onRetry={reload} />}
      {data?.items.length === 0 && <p class="quiet">{t.noKeys}</p>}
      {data && data.items.length > 0 && (
        <Table
          columns={[t.name, t.role, t.seenTraps, t.created, t.lastUsed, { text: t.revoke, isHidden: true }]}
        >
          {data.items.map(({ name, role, traps, createdAt, lastUsedAt }) => (
            <tr key={name}>
              <td>
                <b>{name}</b>
              </td>
              <td>{shell[role]}</td>
              <td>
                <SeenTraps
                  name={name}
                  role={role}
                  traps={traps}
                  onChange={async (seen) => {
                    await patch(`/keys/${encodeURIComponent(name)}`, { traps: seen });
                    refresh('/keys');
                    toast(t.changed(name));
                  }}
                />
              </td>
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
        </Table>
      )}
      <Form onSubmit={create}>
        <h3>{t.newKey}</h3>
        <div class="form-row">
          <Field
            id="key-name"
            name="name"
            label={t.keyName}
            autoComplete="off"
            autoCapitalize="none"
            required
          />
          <RoleField id="key-role" roles={ROLES} />
          <button class="btn main" type="submit">
            {t.create}
          </button>
        </div>
      </Form>
      {made && (
        <ShownOnce
          title={made.name}
          secret={made.key}
          copyLabel={t.copyKey}
          onClose={() => setMade(undefined)}
        >
          <p>
            <b>{t.keyOnce}</b>
          </p>
        </ShownOnce>
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
