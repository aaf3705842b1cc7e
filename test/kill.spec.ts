import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Ledger } from './fixtures/ledger.js';
import { colourModel } from './fixtures/model.js';
import { mosquittoOrReason, startMosquitto } from './fixtures/mosquitto.js';
import { allRuns, type ListedRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

/** CI kills more often: see `.ci/run`. */
const KILLS = Number(process.env['TRAPLINE_TEST_KILLS'] ?? 2);
const CROPS = Number(process.env['TRAPLINE_TEST_KILL_CROPS'] ?? 450);
const TRAPS = ['trap-1', 'trap-2', 'trap-3'];
const CROPS_PER_RUN = 15;
const RUNS_PER_TRAP = Math.ceil(CROPS / CROPS_PER_RUN / TRAPS.length);
/** The backlog of a whole stream, on a machine that is busy with other tests, too. */
const SETTLED_MS = 240_000;
const COLOURS = ['red', 'green', 'blue'] as const;

/** One trap's season in a minute: whole runs, several crops at once, and a note of what was acknowledged. */
async function publishRuns(
  trap: Trap,
  ledger: Ledger,
  isEnough: () => boolean,
  pace: () => Promise<unknown>,
): Promise<number> {
  let n = 0;
  for (; n < RUNS_PER_TRAP || !isEnough(); n += 1) {
    const run = `run-${n}`;
    const colour = COLOURS[n % 3] as (typeof COLOURS)[number];
    await Promise.all(
      Array.from({ length: CROPS_PER_RUN }, async (_, i) => {
        const bytes = await crop(colour, n * 1000 + i);
        await trap.crop(run, `c-${i}`, bytes);
        ledger.acknowledged(`${trap.id}/${run}/c-${i}`, bytes);
      }),
    );
    await trap.end(run, { crops: CROPS_PER_RUN });
    await pace();
  }
  return n;
}

async function killAgainAndAgain(station: Station): Promise<void> {
  for (let kills = 0; kills < KILLS; kills += 1) {
    await delay(100 + Math.random() * 500);
    await station.kill();
    await station.start();
  }
}

async function playAndKill(
  station: Station,
  port: number,
  passwords: ReadonlyMap<string, string>,
): Promise<void> {
  const ledger = new Ledger();
  const traps = await Promise.all([...passwords].map(([id, password]) => Trap.connect(id, password, port)));
  // The stream lasts as long as the kills do, at the pace of a season in a minute.
  let killing = true;
  const killed = killAgainAndAgain(station).finally(() => {
    killing = false;
  });
  const published = await Promise.all(
    traps.map((trap) =>
      publishRuns(
        trap,
        ledger,
        () => !killing,
        () => delay(Math.random() * ((KILLS * 1500) / RUNS_PER_TRAP)),
      ),
    ),
  );
  await killed;

  const runs = published.reduce((sum, count) => sum + count, 0);
  const isDone = (run: ListedRun) => run.status === 'complete' && run.observation?.final === true;
  // What is not done in time is told with what the service knows of it.
  await eventually(async () => (await allRuns(station)).filter(isDone).length >= runs, SETTLED_MS).catch(
    () => {},
  );
  const all = await allRuns(station);
  expect(all.filter((run) => !isDone(run))).toEqual([]);
  expect(all).toHaveLength(runs);
  for (const run of all) {
    expect(run.storedCrops).toBe(CROPS_PER_RUN);
    expect(run.observation).toMatchObject({
      crops: CROPS_PER_RUN,
      label: COLOURS[Number(run.runId.slice(4)) % 3],
    });
  }
  expect(ledger.size).toBe(runs * CROPS_PER_RUN);
  expect(await ledger.differences(station)).toEqual([]);
  await Promise.all(traps.map((trap) => trap.close()));
}

async function accounts(station: Station): Promise<Map<string, string>> {
  const passwords = new Map<string, string>();
  for (const id of TRAPS) passwords.set(id, await station.addTrap(id));
  return passwords;
}

describe(`${KILLS} kills of the service in the middle of a stream of crops`, () => {
  it('lose nothing that the embedded broker acknowledged, and count nothing twice', async () => {
    const station = await Station.start({ TRAPLINE_MODEL: await colourModel(), TRAPLINE_CLASSIFIERS: '2' });
    try {
      await playAndKill(station, station.mqttPort, await accounts(station));
    } finally {
      await station.remove();
    }
  }, 600_000);

  const { path, reason } = mosquittoOrReason();
  (path ? it : it.skip)(
    `lose nothing that Mosquitto acknowledged, and count nothing twice${reason}`,
    async () => {
      const station = await Station.start({ TRAPLINE_MODEL: await colourModel(), TRAPLINE_CLASSIFIERS: '2' });
      const passwords = await accounts(station);
      const mosquitto = await startMosquitto(path as string, station);
      try {
        await station.stop();
        await station.startAt(mosquitto.serviceUrl);
        await playAndKill(station, mosquitto.port, passwords);
      } finally {
        await station.remove();
        await mosquitto.stop();
      }
    },
    600_000,
  );
});
