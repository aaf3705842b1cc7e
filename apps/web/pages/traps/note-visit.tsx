import { useState } from 'preact/hooks';
import type { Trap, TrapVisit } from '../../../../libs/api-types/index.js';
import { post, remove } from '../../api/client.js';
import { trapPath, VISIT_KINDS } from '../../api/fleet.js';
import type { ApiProblem } from '../../api/problem.js';
import { refresh } from '../../api/query.js';
import { stationZone } from '../../api/session.js';
import { Dialog } from '../../components/dialog.js';
import { FormEnd } from '../../components/form-end.js';
import { toast } from '../../shell/toast.js';
import { instantOf, localOf } from '../../texts/format.js';
import { oneTrapWords as t, trapWords } from '../../texts/traps.js';

interface Props {
  readonly trap: Trap;
  readonly onClose: () => void;
}

/** Writes down that somebody was at the trap, and what they did there. */
export function NoteVisit({ trap, onClose }: Props) {
  const [problem, setProblem] = useState<ApiProblem>();
  const zone = trap.timeZone ?? stationZone.value;
  const path = `${trapPath(trap.trapId)}/visits`;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget as HTMLFormElement);
    try {
      const { id } = await post<TrapVisit>(path, {
        at: instantOf(String(values.get('at')), zone),
        what: values.getAll('what'),
        text: String(values.get('text')).trim() || null,
      });
      refresh(path);
      toast(t.visitNoted, () => void remove(`${path}/${id}`).then(() => refresh(path)));
      onClose();
    } catch (error) {
      setProblem(error as ApiProblem);
    }
  };
  return (
    <Dialog title={`${trapWords.noteVisit}: ${trap.name ?? trap.trapId}`} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <fieldset class="checks">
          <legend>{t.visitWhat}</legend>
          {VISIT_KINDS.map((kind) => (
            <label key={kind} class="btns">
              <input type="checkbox" name="what" value={kind} /> {t[kind]}
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="visit-at">{t.visitAt}</label>
          <input
            class="input"
            id="visit-at"
            name="at"
            type="datetime-local"
            defaultValue={localOf(new Date(), zone)}
            required
          />
        </div>
        <div class="field">
          <label for="visit-text">{t.visitText}</label>
          <textarea class="input" id="visit-text" name="text" rows={2} maxLength={2000} />
        </div>
        <FormEnd problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
