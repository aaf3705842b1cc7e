import { useState } from 'preact/hooks';
import type { Connect } from '../../../../libs/api-types/index.js';
import { get, post, remove } from '../../api/client.js';
import { trapPath } from '../../api/fleet.js';
import type { ApiProblem } from '../../api/problem.js';
import { refresh } from '../../api/query.js';
import { Confirm } from '../../components/confirm.js';
import { Dialog } from '../../components/dialog.js';
import { toast } from '../../shell/toast.js';
import { oneTrapWords as t } from '../../texts/traps.js';
import { type MadeAccount, Secret } from './secret.js';

/** A new password for a trap, or no account any more. */
export function Account({ trapId }: { readonly trapId: string }) {
  const [made, setMade] = useState<MadeAccount>();
  const [isRemoving, setRemoving] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const path = `${trapPath(trapId)}/credentials`;
  const renew = async () => {
    setProblem(undefined);
    try {
      const { user, password } = await post<{ user: string; password: string }>(path);
      const text = JSON.stringify(await get<Connect>(`${trapPath(trapId)}/connect`));
      setMade({ trapId, user, password, connect: JSON.parse(text.replaceAll('<password>', password)) });
    } catch (error) {
      setProblem(error as ApiProblem);
    }
  };
  return (
    <section class="card stack">
      <h2>{t.account}</h2>
      <p class="hint">{t.newPasswordHow}</p>
      {problem && (
        <p class="error" role="alert">
          {problem.message}
        </p>
      )}
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
