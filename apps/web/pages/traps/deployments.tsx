import { useState } from 'preact/hooks';
import type { Deployment, Trap } from '../../../../libs/api-types/index.js';
import { put } from '../../api/client.js';
import { trapPath } from '../../api/fleet.js';
import { refresh } from '../../api/query.js';
import { may } from '../../api/session.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Form, textOf } from '../../components/form.js';
import { Table } from '../../components/table.js';
import { toast } from '../../shell/toast.js';
import { date, dayOf, instantOf, localOf } from '../../texts/format.js';
import { oneTrapWords as t } from '../../texts/traps.js';
import { placeText } from './facts.js';
import { PlaceFields, readPlace } from './fields.js';

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
      {trap.deployments.length > 0 && (
        <Table columns={[t.from, t.to, t.place, t.habitat, t.saidBy]}>
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
        </Table>
      )}
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
  const submit = async (values: FormData) => {
    const text = (name: string) => textOf(values, name);
    await put(`${trapPath(trap.trapId)}/deployments/${encodeURIComponent(text('id'))}`, {
      start: instantOf(text('start'), zone),
      place: readPlace(values),
      ...(text('place-name') && { name: text('place-name') }),
      ...(text('habitat') && { habitat: text('habitat') }),
    });
    refresh('/traps');
    toast(t.saved);
    onClose();
  };
  return (
    <Dialog title={t.newDeployment} onClose={onClose}>
      <Form onSubmit={submit} onCancel={onClose}>
        <p class="quiet">{t.newDeploymentHow}</p>
        <Field id="id" label={t.deploymentId} defaultValue={dayOf(new Date(), zone)} required />
        <Field
          id="start"
          label={t.since}
          type="datetime-local"
          defaultValue={localOf(new Date(), zone)}
          required
        />
        <PlaceFields />
        <Field id="place-name" label={t.name} />
        <Field id="habitat" label={t.habitat} />
      </Form>
    </Dialog>
  );
}
