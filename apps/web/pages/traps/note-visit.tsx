import type { Trap, TrapVisit } from '../../../../libs/api-types/index.js';
import { post, remove } from '../../api/client.js';
import { trapPath, VISIT_KINDS } from '../../api/fleet.js';
import { refresh } from '../../api/query.js';
import { stationZone } from '../../api/session.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Form, textOf } from '../../components/form.js';
import { toast } from '../../shell/toast.js';
import { instantOf, localOf } from '../../texts/format.js';
import { oneTrapWords as t, trapWords } from '../../texts/traps.js';

interface Props {
  readonly trap: Trap;
  readonly onClose: () => void;
}

/** Writes down that somebody was at the trap, and what they did there. */
export function NoteVisit({ trap, onClose }: Props) {
  const zone = trap.timeZone ?? stationZone.value;
  const path = `${trapPath(trap.trapId)}/visits`;
  const submit = async (values: FormData) => {
    const { id } = await post<TrapVisit>(path, {
      at: instantOf(textOf(values, 'at'), zone),
      what: values.getAll('what'),
      text: textOf(values, 'text') || null,
    });
    refresh(path);
    toast(t.visitNoted, () => void remove(`${path}/${id}`).then(() => refresh(path)));
    onClose();
  };
  return (
    <Dialog title={`${trapWords.noteVisit}: ${trap.name ?? trap.trapId}`} onClose={onClose}>
      <Form onSubmit={submit} onCancel={onClose}>
        <fieldset class="checks">
          <legend>{t.visitWhat}</legend>
          {VISIT_KINDS.map((kind) => (
            <label key={kind} class="btns">
              <input type="checkbox" name="what" value={kind} /> {t[kind]}
            </label>
          ))}
        </fieldset>
        <Field
          id="visit-at"
          name="at"
          label={t.visitAt}
          type="datetime-local"
          defaultValue={localOf(new Date(), zone)}
          required
        />
        <div class="field">
          <label for="visit-text">{t.visitText}</label>
          <textarea class="input" id="visit-text" name="text" rows={2} maxLength={2000} />
        </div>
      </Form>
    </Dialog>
  );
}
