import { useState } from 'preact/hooks';
import type { Deployment, Trap } from '../../../../libs/api-types/index.js';
import { put } from '../../api/client.js';
import { trapPath } from '../../api/fleet.js';
import type { ApiProblem } from '../../api/problem.js';
import { refresh } from '../../api/query.js';
import { may } from '../../api/session.js';
import { Dialog } from '../../components/dialog.js';
import { FormEnd } from '../../components/form-end.js';
import { toast } from '../../shell/toast.js';
import { date, dayOf, instantOf, localOf } from '../../texts/format.js';
import { oneTrapWords as t } from '../../texts/traps.js';
import { Degrees, placeText, readDegrees } from './facts.js';

interface Props {
  readonly trap: Trap;
  readonly zone: string;
}

/** Where the trap stood, and when. */
export function Deployments({ trap, zone }: Props) {
  const [isMoving, move] = useState(false);
  const SAID_BY = { trap: t.byTrap, editor: t.byEditor, nobody: t.byNobody };
  return (
    <section class="card roomy stack">
      <div class="section-head flat">
        <h2>{t.deployments}</h2>
        <span class="hint">{t.deploymentsHow}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <div class="scroll" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.from}</th>
              <th scope="col">{t.to}</th>
              <th scope="col">{t.place}</th>
              <th scope="col">{t.habitat}</th>
              <th scope="col">{t.saidBy}</th>
            </tr>
          </thead>
          <tbody>
            {trap.deployments.map((each) => (
              <tr key={each.deploymentId ?? each.start}>
                <td>{timeText(each.start, zone, t.beginning)}</td>
                <td>{timeText(each.end, zone, t.now)}</td>
                <td>
                  {each.name && <b>{each.name} </b>}
                  {placeText(each)}
                </td>
                <td>{each.habitat ?? '–'}</td>
                <td>{SAID_BY[each.saidBy]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {may('editor') && (
        <div>
          <button class="btn" type="button" onClick={() => move(true)}>
            {t.newDeployment}
          </button>
        </div>
      )}
      {isMoving && <NewDeployment trap={trap} zone={zone} onClose={() => move(false)} />}
    </section>
  );
}

const timeText = (instant: Deployment['start'], zone: string, unknown: string): string =>
  instant === null ? unknown : date(instant, zone, 'full');

/** A trap at another place: a new deployment from a time on. */
function NewDeployment({ trap, zone, onClose }: Props & { readonly onClose: () => void }) {
  const [problem, setProblem] = useState<ApiProblem>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(values.get(name)).trim();
    const place = { latitude: readDegrees(text('latitude')), longitude: readDegrees(text('longitude')) };
    try {
      await put(`${trapPath(trap.trapId)}/deployments/${encodeURIComponent(text('id'))}`, {
        start: instantOf(text('start'), zone),
        place,
        ...(text('place-name') && { name: text('place-name') }),
        ...(text('habitat') && { habitat: text('habitat') }),
      });
      refresh('/traps');
      toast(t.saved);
      onClose();
    } catch (error) {
      setProblem(error as ApiProblem);
    }
  };
  const field = (id: string, label: string, value = '', isRequired = false) => (
    <div class="field">
      <label for={id}>{label}</label>
      <input class="input" id={id} name={id} defaultValue={value} required={isRequired} />
    </div>
  );
  return (
    <Dialog title={t.newDeployment} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p class="quiet">{t.newDeploymentHow}</p>
        {field('id', t.deploymentId, dayOf(new Date(), zone), true)}
        <div class="field">
          <label for="start">{t.since}</label>
          <input
            class="input"
            id="start"
            name="start"
            type="datetime-local"
            defaultValue={localOf(new Date(), zone)}
            required
          />
        </div>
        <div class="fields-2">
          <Degrees id="latitude" label={t.latitude} />
          <Degrees id="longitude" label={t.longitude} />
        </div>
        {field('place-name', t.name)}
        {field('habitat', t.habitat)}
        <FormEnd problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
