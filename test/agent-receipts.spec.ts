import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Aedes } from 'aedes';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { InsectDetectFolder } from './fixtures/insect-detect-folder.js';

const RUN = '20260503T130000-1';

type Receipt = { state: string; missing?: string[]; rejected?: { crop: string; code: string }[] };

/** A broker that acknowledges for itself, and a service behind it that answers as it is told to. */
class ForgetfulService {
  readonly crops: string[] = [];
  ends = 0;
  answers: (Receipt | undefined)[] = [];
  private constructor(
    private readonly aedes: Aedes,
    private readonly server: Server,
  ) {
    aedes.on('publish', ({ topic, payload }) => {
      const [, , trap, kind, run, what, crop] = topic.split('/');
      if (kind !== 'runs') return;
      if (what === 'crops') this.crops.push(crop as string);
      if (what !== 'end') return;
      this.ends += 1;
      const { crops } = JSON.parse(payload.toString());
      const answer = this.answers.length ? this.answers.shift() : { state: 'complete' };
      if (!answer) return;
      const receipt = {
        v: 1,
        missing: [],
        rejected: [],
        ...answer,
        have: crops,
        at: new Date().toISOString(),
      };
      aedes.publish(
        {
          cmd: 'publish',
          topic: `traps/v1/${trap}/runs/${run}/receipt`,
          payload: JSON.stringify(receipt),
          qos: 1,
          retain: false,
          dup: false,
        },
        () => {},
      );
    });
  }

  static async start(): Promise<ForgetfulService> {
    const aedes = await Aedes.createBroker();
    const server = createServer(aedes.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ForgetfulService(aedes, server);
  }

  get mqttPort(): number {
    return (this.server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.aedes.close(() => resolve()));
    this.server.close();
  }
}

let service: ForgetfulService;
let folder: string;
let ids: string[];
beforeEach(async () => {
  service = await ForgetfulService.start();
  folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
  const recorded = new InsectDetectFolder(join(folder, 'data'));
  await recorded.add({
    generation: 'v2',
    start: '2026-05-03T13:00:00',
    session: 12,
    tracks: 1,
    cropsPerTrack: 4,
  });
  ids = [...recorded.expected.keys()].map((key) => key.replace(`${RUN}/`, '')).sort();
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});
const once = (more: object = {}) =>
  RunningAgent.start(agentSettings(folder, service, 'trap-1', 'any', more), '--once').ended;

describe('receipts', () => {
  it('sends what is missing, and nothing else, until the run is complete', async () => {
    const [first, , third] = ids as [string, string, string];
    service.answers = [
      { state: 'incomplete', missing: [first, third] },
      { state: 'incomplete', missing: [third] },
    ];
    expect((await once()).status).toBe(0);
    // Several are on their way at once: which of them arrives first, nobody promises.
    const sent = [service.crops.slice(0, 4).sort(), service.crops.slice(4, 6).sort(), service.crops.slice(6)];
    expect([sent, service.ends]).toEqual([[ids, [first, third], [third]], 3]);
  });

  it('says the end again where no receipt comes', async () => {
    service.answers = [undefined, undefined];
    expect((await once({ receiptWaitS: 0.3 })).status).toBe(0);
    expect([service.crops.sort(), service.ends]).toEqual([ids, 3]);
  });

  it('does not send for ever what is refused, and says so', async () => {
    const crop = ids[1] as string;
    service.answers = [{ state: 'complete', rejected: [{ crop, code: 'not-an-image' }] }];
    const { status, output } = await once();
    expect([status, output]).toEqual([
      3,
      expect.stringContaining(`${RUN}/${crop} was refused: not-an-image`),
    ]);
    expect((await once()).output).toContain('0 runs, 0 crops');
    expect(service.crops.sort()).toEqual(ids);
  });

  it('gives up a run that the service lacks again and again, and ends with 1 and its name', async () => {
    service.answers = Array.from({ length: 9 }, () => ({ state: 'incomplete', missing: [ids[0] as string] }));
    const { status, output } = await once();
    expect([status, output]).toEqual([
      1,
      expect.stringContaining(`not published: ${RUN}: the service still lacks crops`),
    ]);
  });
});
