import './traps.css';
import { useEffect, useState } from 'preact/hooks';
import type { Run, Trap } from '../../../../libs/api-types/index.js';
import { post, put } from '../../api/client.js';
import { useEvents } from '../../api/events.js';
import { trapPath } from '../../api/fleet.js';
import { useAnswer } from '../../api/query.js';
import { may, stationZone } from '../../api/session.js';
import { Field, Form, isRefused, Problem, textOf, useSubmit } from '../../components/form.js';
import { Icon } from '../../components/icon.js';
import { Rich } from '../../components/rich.js';
import { Page } from '../../shell/page.js';
import { toast } from '../../shell/toast.js';
import { clock } from '../../texts/format.js';
import { newTrapWords as t, trapWords } from '../../texts/traps.js';
import { Connect, ConnectWays } from './connect.js';
import { PlaceFields, readPlace, ZoneField } from './fields.js';
import { idFrom } from './id-from.js';
import { type MadeAccount, Secret } from './secret.js';

interface Added {
  readonly name: string;
  readonly timeZone: string;
  readonly account: MadeAccount;
}

/** From a name to the first message, on one page. */
export function NewTrap() {
  const [added, setAdded] = useState<Added>();
  const [isKept, keep] = useState(false);
  const later = (text: string) => <p class="quiet">{text}</p>;
  return (
    <Page title={trapWords.add}>
      <div class="page-head">
        <a class="btn ghost" href="/traps">
          <Icon name="left" small /> {trapWords.title}
        </a>
        <h1 class="line">{trapWords.add}</h1>
      </div>
      {may('admin') ? (
        <div class="columns">
          <ol class="steps">
            <Step title={t.name} state={added ? 'done' : 'now'}>
              {added ? <Named added={added} /> : <NameForm onAdded={setAdded} />}
            </Step>
            <Step title={t.account} state={isKept ? 'done' : added ? 'now' : ''}>
              {!added ? (
                later(t.accountLater)
              ) : isKept ? (
                later(t.hidden)
              ) : (
                <section class="card roomy">
                  <Secret account={added.account} onDone={() => keep(true)} />
                </section>
              )}
            </Step>
            <Step title={t.connect} state={isKept ? 'now' : ''}>
              {!added ? (
                later(t.connectLater)
              ) : isKept ? (
                <Connect trapId={added.account.trapId} />
              ) : (
                <ConnectWays ways={added.account.connect} />
              )}
            </Step>
            {added ? <FirstMessage added={added} /> : <Step title={t.first}>{later(t.firstLater)}</Step>}
          </ol>
          {added && <Aside added={added} />}
        </div>
      ) : (
        <p class="quiet">{trapWords.onlyAdminAdds}</p>
      )}
    </Page>
  );
}

interface StepProps {
  readonly title: string;
  readonly state?: 'done' | 'now' | '';
  readonly children: preact.ComponentChildren;
}

const Step = ({ title, state = '', children }: StepProps) => (
  <li class={`step ${state}`}>
    <div>
      <h2>{title}</h2>
      {children}
    </div>
  </li>
);

const Named = ({ added: { name, timeZone, account } }: { readonly added: Added }) => (
  <p class="quiet">
    <Rich text={t.named(name, timeZone)} /> <code>{account.trapId}</code>
  </p>
);

function NameForm({ onAdded }: { readonly onAdded: (added: Added) => void }) {
  const [name, setName] = useState('');
  const [typedId, setTypedId] = useState<string>();
  const trapId = typedId ?? idFrom(name);
  const { problem, isBusy, submit } = useSubmit(async (values) => {
    const timeZone = textOf(values, 'timeZone');
    const account = await post<MadeAccount>('/traps', { trapId, name: name.trim(), timeZone });
    onAdded({ name: name.trim(), timeZone, account });
  });
  return (
    <form class="stack narrow" onSubmit={submit}>
      <Field
        id="name"
        label={t.name}
        hint={t.nameHint}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
        maxLength={200}
        required
        autoFocus
      />
      <Field
        id="identifier"
        label={t.identifier}
        hint={t.identifierHint}
        value={trapId}
        onInput={(event) => setTypedId(event.currentTarget.value)}
        pattern="[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}"
        aria-invalid={problem?.status === 409 || isRefused(problem, 'trapId')}
        autoCapitalize="none"
        required
      />
      <ZoneField zone={stationZone.value} />
      {problem?.status === 409 ? (
        <p class="error" role="alert">
          <Rich text={t.taken} /> <a href={trapPath(trapId)}>{t.toTrap}</a>
        </p>
      ) : (
        <Problem text={problem?.message} />
      )}
      <div>
        <button class="btn main" type="submit" disabled={isBusy}>
          {t.create}
        </button>
      </div>
    </form>
  );
}

/** The station is asked again this often, besides the events that it sends. */
const ASK_MS = 3000;

/** Listens until the trap has been heard, and until its first insect is there. */
function FirstMessage({ added: { name, timeZone, account } }: { readonly added: Added }) {
  const { trapId } = account;
  const trap = useAnswer<Trap>(trapPath(trapId));
  const runs = useAnswer<{ readonly items: readonly Run[] }>(
    `/runs?trap=${encodeURIComponent(trapId)}&limit=1`,
  );
  const heardAt = trap.data?.lastMessageAt;
  const run = runs.data?.items[0];
  const ask = () => {
    trap.reload();
    runs.reload();
  };
  useEvents(({ data }) => {
    if (data.trapId === trapId) ask();
  });
  useEffect(() => {
    if (run) return;
    const timer = setInterval(ask, ASK_MS);
    return () => clearInterval(timer);
  }, [run === undefined]);
  return (
    <Step title={t.first} state={heardAt ? 'done' : ''}>
      <div role="status" class="heard">
        {run ? (
          <>
            <p>{t.heardRun(name)}</p>
            <a class="btn main" href={`/runs/${encodeURIComponent(trapId)}/${encodeURIComponent(run.runId)}`}>
              {t.toRun}
            </a>
          </>
        ) : heardAt ? (
          <p>{t.heard(name, clock(heardAt, timeZone, true))}</p>
        ) : (
          <p class="waiting">{t.waiting(name)}</p>
        )}
        {heardAt && (
          <a class="btn" href={trapPath(trapId)}>
            {t.toTrap}
          </a>
        )}
      </div>
    </Step>
  );
}

function Aside({ added: { account } }: { readonly added: Added }) {
  const submit = async (values: FormData) => {
    await put(trapPath(account.trapId), { place: readPlace(values) });
    toast(t.placeSaved);
  };
  const save = (
    <button class="btn" type="submit">
      {t.savePlace}
    </button>
  );
  return (
    <aside class="stack">
      <section class="card">
        <h2>{t.nothing}</h2>
        <ul class="stack quiet">
          {[t.refused, t.noConnection(account.connect.broker.host), t.noPicture, t.deadLetters].map(
            (text) => (
              <li key={text}>
                <Rich text={text} />
              </li>
            ),
          )}
        </ul>
      </section>
      <section class="card">
        <h2>{t.place}</h2>
        <Form onSubmit={submit} buttons={save}>
          <p class="quiet">{t.placeHow}</p>
          <PlaceFields />
        </Form>
      </section>
    </aside>
  );
}
