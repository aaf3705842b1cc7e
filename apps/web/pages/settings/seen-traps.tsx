import { useState } from 'preact/hooks';
import { useTraps } from '../../api/traps.js';
import { Dialog } from '../../components/dialog.js';
import { Form } from '../../components/form.js';
import { settingsWords as t } from '../../texts/settings.js';

interface Props {
  /** Of the person or the key */
  readonly name: string;
  readonly role: string;
  /** Null: all */
  readonly traps: readonly string[] | null;
  readonly onChange: (traps: readonly string[] | null) => Promise<unknown>;
}

/** Which traps a person or a key may see, and a dialog to change it. */
export function SeenTraps({ name, role, traps, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const shown = traps === null ? t.allTraps : t.nTraps(traps.length);
  // The others administer accounts, or are a trap themselves.
  if (role !== 'viewer' && role !== 'editor') return <span class="quiet">{shown}</span>;
  return (
    <>
      <button
        class="btn ghost"
        type="button"
        aria-label={`${t.seenTraps}: ${name}, ${shown}`}
        onClick={() => setOpen(true)}
      >
        {shown}
      </button>
      {isOpen && <Choose name={name} traps={traps} onChange={onChange} onClose={() => setOpen(false)} />}
    </>
  );
}

function Choose({ name, traps, onChange, onClose }: Omit<Props, 'role'> & { readonly onClose: () => void }) {
  const { all } = useTraps();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(traps));
  // Also those that are not there yet, or not any more.
  const ids = [...new Set([...all.map(({ trapId }) => trapId), ...(traps ?? [])])];
  const toggle = (trapId: string) => {
    const next = new Set(chosen);
    if (!next.delete(trapId)) next.add(trapId);
    setChosen(next);
  };
  const submit = async () => {
    await onChange(chosen.size ? [...chosen] : null);
    onClose();
  };
  return (
    <Dialog title={t.whichTraps(name)} onClose={onClose}>
      <Form onSubmit={submit} onCancel={onClose}>
        <p class="hint">{t.whichTrapsHow}</p>
        <label class="check">
          <input type="checkbox" checked={chosen.size === 0} onChange={() => setChosen(new Set())} />{' '}
          {t.seesAll}
        </label>
        {ids.map((trapId) => (
          <label key={trapId} class="check">
            <input type="checkbox" checked={chosen.has(trapId)} onChange={() => toggle(trapId)} />{' '}
            {all.find((trap) => trap.trapId === trapId)?.name ?? trapId}
          </label>
        ))}
      </Form>
    </Dialog>
  );
}
