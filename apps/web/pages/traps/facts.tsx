import { useState } from 'preact/hooks';
import type { Trap } from '../../../../libs/api-types/index.js';
import { put } from '../../api/client.js';
import { trapPath } from '../../api/fleet.js';
import { refresh } from '../../api/query.js';
import { may, stationZone } from '../../api/session.js';
import { Dialog } from '../../components/dialog.js';
import { Field, Form, textOf } from '../../components/form.js';
import { toast } from '../../shell/toast.js';
import { number } from '../../texts/format.js';
import { oneTrapWords as t } from '../../texts/traps.js';
import { PlaceFields, readPlace, ZoneField } from './fields.js';
import { shortTime } from './trap-state.js';
import { Vitals } from './vitals.js';

interface Props {
  readonly trap: Trap;
  readonly zone: string;
}

/** What is known of a trap. */
export function Facts({ trap, zone }: Props) {
  const [isEditing, edit] = useState(false);
  const device = Object.entries(trap.device).filter(([, value]) => typeof value !== 'object');
  return (
    <section class="card stack">
      <h2>{t.facts}</h2>
      <Vitals trap={trap} />
      <dl class="facts">
        <dt>{t.identifier}</dt>
        <dd>
          <code>{trap.trapId}</code>
        </dd>
        <dt>{t.place}</dt>
        <dd>{placeText(trap)}</dd>
        <dt>{t.timeZone}</dt>
        <dd>{zone}</dd>
        <dt>{t.firstHeard}</dt>
        <dd>{trap.lastMessageAt === null ? '–' : shortTime(trap.firstSeenAt, zone)}</dd>
        <dt>{t.lastHeard}</dt>
        <dd>{trap.lastMessageAt === null ? '–' : shortTime(trap.lastMessageAt, zone)}</dd>
        <dt>{t.visits}</dt>
        <dd>
          {number(trap.counts.runs)}, {t.pictures(trap.counts.crops, number(trap.counts.crops))}
        </dd>
        {device.map(([name, value]) => (
          <Row key={name} name={name} value={String(value)} />
        ))}
      </dl>
      {trap.notes !== undefined && (
        <div>
          <h3>{t.notes}</h3>
          <p class={trap.notes ? 'pre' : 'hint'}>{trap.notes || t.noNotes}</p>
        </div>
      )}
      {may('editor') && (
        <button class="btn" type="button" onClick={() => edit(true)}>
          {t.edit}
        </button>
      )}
      {isEditing && <EditTrap trap={trap} onClose={() => edit(false)} />}
    </section>
  );
}

const Row = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);

export function placeText({ place }: Pick<Trap, 'place'>): string {
  if (!place) return t.noPlace;
  const digits = place.exact ? 5 : 1;
  const text = `${number(place.latitude, digits)}°, ${number(place.longitude, digits)}°`;
  return place.exact ? text : `${text} (${t.roundedPlace})`;
}

function EditTrap({ trap, onClose }: { readonly trap: Trap; readonly onClose: () => void }) {
  const zone = trap.timeZone ?? stationZone.value;
  const submit = async (values: FormData) => {
    const text = (name: string) => textOf(values, name);
    await put(trapPath(trap.trapId), {
      name: text('name') || null,
      notes: text('notes') || null,
      // Even the same zone makes the service read times again.
      ...(text('timeZone') !== zone && { timeZone: text('timeZone') }),
      ...placeEdit(trap, readPlace(values)),
    });
    refresh('/traps');
    toast(t.saved);
    onClose();
  };
  return (
    <Dialog title={t.edit} onClose={onClose}>
      <Form onSubmit={submit} onCancel={onClose}>
        <Field id="trap-name" name="name" label={t.name} defaultValue={trap.name ?? ''} maxLength={200} />
        <ZoneField zone={zone} />
        <PlaceFields place={trap.place} />
        <div class="field">
          <label for="trap-notes">{t.notes}</label>
          <textarea class="input" id="trap-notes" name="notes" rows={4} defaultValue={trap.notes ?? ''} />
        </div>
      </Form>
    </Dialog>
  );
}

/** Only what has changed, since an editor's word holds from then on. */
function placeEdit({ place }: Trap, { latitude, longitude }: ReturnType<typeof readPlace>): object {
  if (latitude === place?.latitude && longitude === place?.longitude) return {};
  return { place: latitude === undefined && longitude === undefined ? null : { latitude, longitude } };
}
