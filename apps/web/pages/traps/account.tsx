import { useState } from 'preact/hooks';
import type { Connect } from '../../../../libs/api-types/index.js';
import { get, post, remove } from '../../api/client.js';
import { trapPath } from '../../api/fleet.js';
import { refresh } from '../../api/query.js';
import { Confirm } from '../../components/confirm.js';
import { Dialog } from '../../components/dialog.js';
import { Problem, useAttempts } from '../../components/form.js';
import { toast } from '../../shell/toast.js';
import { oneTrapWords as t } from '../../texts/traps.js';
import { type MadeAccount, Secret } from './secret.js';

/** A new password for a trap, or no account any more. */
export function Account({ trapId }: { readonly trapId: string }) {
  const [made, setMade] = useState<MadeAccount>();
  const [isRemoving, setRemoving] = useState(false);
  const { problem, attempt } = useAttempts();
  const path = `${trapPath(trapId)}/credentials`;
  const renew = () =>
    attempt(async () => {
      const { user, password } = await post<{ user: string; password: string }>(path);
      const text = JSON.stringify(await get<Connect>(`${trapPath(trapId)}/connect`));
      setMade({ trapId, user, password, connect: JSON.parse(text.replaceAll('<password>', password)) });
    });
  return (
    <section class="card stack">
      <h2>{t.account}</h2>
      <p class="hint">{t.newPasswordHow}</p>
      <Problem text={problem?.message} />
      <div class="btns">
        <button class="btn" type="button" onClick={() => void renew()}>
          {t.newPassword}
        </button>
        <button class="btn danger" type="button" onClick={() => setRemoving(true)}>
          {t.removeAccount}
        </button>
      </div>
      {made && (
        <Dialog title={t.newPassword} onClose={() => setMade(undefined)}>
          <Secret account={made} onDone={() => setMade(undefined)} />
        </Dialog>
      )}
      {isRemoving && (
        <Confirm
          title={t.removeAccount}
          text={t.removeAccountHow(trapId)}
          name={trapId}
          onConfirm={async () => {
            await remove(path);
            refresh('/traps');
            toast(t.removedAccount);
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </section>
  );
}
