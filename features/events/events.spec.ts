import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/fixtures/eventually.js';
import { reviewRun } from '../../test/fixtures/reviewed.js';
import { seedRuns } from '../../test/fixtures/seeded-runs.js';
import { openSmallApi, type SmallApi, secretOf } from '../../test/fixtures/small-api.js';
import { addPerson, findPerson, type Person } from '../accounts/index.js';
import { LoginTokens } from '../accounts/login/login-tokens.js';
import { endLogin } from '../accounts/users.repository.js';
import { noteChange } from '../outbox/index.js';

let api: SmallApi;
beforeAll(async () => {
  api = await openSmallApi();
});
afterAll(() => api.close());

interface Heard {
  readonly event: string;
  readonly data: Record<string, string>;
  readonly id: string | undefined;
}

/** A client as browsers are. */
class Client {
  readonly heard: Heard[] = [];
  text = '';
  isOver = false;
  private readonly abort = new AbortController();

  private constructor(readonly answer: Response) {}

  static async open(secret: string, headers: Record<string, string> = {}): Promise<Client> {
    const abort = new AbortController();
    const answer = await fetch(`${api.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${secret}`, ...headers },
      signal: abort.signal,
    });
    const client = new Client(answer);
    client.abort.signal.addEventListener('abort', () => abort.abort());
    if (answer.ok) void client.read();
    if (answer.ok) await eventually(() => client.heard.some(({ event }) => event === 'hello'));
    return client;
  }

  close(): void {
    this.abort.abort();
  }

  events(event: string): Heard[] {
    return this.heard.filter((each) => each.event === event);
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.answer.body as ReadableStream<Uint8Array>) {
        this.text += decoder.decode(chunk, { stream: true });
        const blocks = this.text.split('\n\n');
        this.text = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
          const event = field('event');
          if (event) this.heard.push({ event, data: JSON.parse(field('data') ?? '{}'), id: field('id') });
        }
      }
    } catch {
      // The test has closed it.
    }
    this.isOver = true;
  }
}

const changeOf = (item: string) => ({ kind: 'run', trap_id: 'a', item, state: 'verdict' }) as const;

describe('the stream of events', () => {
  it('tells what changes within a second, to all who listen', async () => {
    const [viewer, editor] = [await Client.open(secretOf('viewer')), await Client.open(secretOf('editor'))];
    expect(viewer.answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(viewer.answer.headers.get('cache-control')).toBe('no-store');
    const run = { trapId: 'a', runId: 'run-1' };
    await seedRuns(api.catalog, [{ ...run, atMs: Date.now() }], false);
    const atMs = performance.now();
    await reviewRun(api.catalog, run, { verdict: 'relabel', label: 'wasp' });
    for (const client of [viewer, editor]) {
      await eventually(() => client.events('run').length > 0);
      expect(client.events('run').map(({ data }) => data)).toEqual([{ ...run, change: 'review' }]);
    }
    expect(performance.now() - atMs).toBeLessThan(3000);
    viewer.close();
    editor.close();
  });

  it('goes on where a client was, or tells it to read everything anew', async () => {
    const client = await Client.open(secretOf('viewer'));
    const { id = '' } = client.events('hello')[0] ?? {};
    client.close();
    await noteChange(api.catalog.db, changeOf('while-away'));
    const again = await Client.open(secretOf('viewer'), { 'last-event-id': id });
    await eventually(() => again.events('run').some(({ data }) => data['runId'] === 'while-away'));
    again.close();
    const old = await Client.open(secretOf('viewer'), { 'last-event-id': '1' });
    await eventually(() => old.events('resync').length === 1);
    old.close();
  });

  it('hears what begins earlier and ends later than others', async () => {
    const client = await Client.open(secretOf('viewer'));
    await noteChange(api.catalog.db, changeOf('newer'));
    await eventually(() => client.events('run').some(({ data }) => data['runId'] === 'newer'));
    await api.catalog.db
      .insertInto('changes')
      .values({ ...changeOf('older'), seq: (Date.now() - 2000) * 1000 })
      .execute();
    await eventually(() => client.events('run').some(({ data }) => data['runId'] === 'older'));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(client.events('run').filter(({ data }) => data['runId'] === 'newer')).toHaveLength(1);
    client.close();
  });

  it('says that there were many changes instead of all of them', async () => {
    const client = await Client.open(secretOf('viewer'));
    await api.catalog.db.transaction().execute(async (tx) => {
      for (let i = 0; i < 500; i += 1) await noteChange(tx, changeOf(`many-${i}`));
    });
    await eventually(() => client.events('resync').length > 0);
    expect(client.events('run').length).toBeLessThan(10);
    client.close();
  });

  it('is one for each login or key: the newer one stays', async () => {
    const older = await Client.open(secretOf('viewer'));
    const newer = await Client.open(secretOf('viewer'));
    await eventually(() => older.isOver);
    expect(older.events('replaced')).toHaveLength(1);
    await noteChange(api.catalog.db, changeOf('for-the-newer'));
    await eventually(() => newer.events('run').length > 0);
    newer.close();
  });

  it('tells of jobs to administrators only', async () => {
    const [viewer, admin] = [await Client.open(secretOf('viewer')), await Client.open(secretOf('admin'))];
    await noteChange(api.catalog.db, { kind: 'job', trap_id: '', item: 'job-1', state: 'running' });
    await noteChange(api.catalog.db, { kind: 'trap', trap_id: 'a', item: '', state: 'online' });
    await eventually(() => viewer.events('trap').length > 0 && admin.events('trap').length > 0);
    expect(admin.events('job')).toMatchObject([{ data: { id: 'job-1', state: 'running' } }]);
    expect(viewer.events('job')).toEqual([]);
    viewer.close();
    admin.close();
  });

  it('ends with the login that opened it', async () => {
    await addPerson(api.catalog.db, { name: 'anna', role: 'viewer', passwordHash: 'x' }, 1);
    const tokens = api.app.get(LoginTokens);
    const person = (await findPerson(api.catalog.db, 'anna')) as Person;
    const { token } = await tokens.issue(person, Date.now());
    const client = await Client.open(token);
    const login = await tokens.read(token, Date.now());
    if (login) await endLogin(api.catalog.db, login, Date.now());
    await eventually(() => client.isOver, 40_000);
    expect(client.events('ended')).toHaveLength(1);
  }, 60_000);

  it('answers the head of a request without a stream', async () => {
    const answer = await api.get('/api/v1/events', { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('event-stream'),
    ]);
  });
});
