import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { pino } from 'pino';
import { whenNpmEnds } from '../../../libs/config/index.js';
import { claimFolder } from '../../../libs/data-dir/index.js';
import { patientDestination } from '../log.js';
import { openStation } from '../station.js';
import { DEMO_USER, demoConfig, demoKey, readOptions } from './demo-config.js';
import {
  firstObservation,
  firstSeen,
  hasPage,
  liveResults,
  pastIsPlayed,
  welcome,
  whatToSee,
} from './progress-text.js';
import { Simulator } from './simulator.js';

const MISUSED = 2;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** A service with a folder of its own and simulated traps that publish to it, until Ctrl-C. */
async function demo(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { dataDir } = options;
  mkdirSync(dataDir, { recursive: true });
  // A second demo would take key and traps away from the first one.
  claimFolder(dataDir).release();
  const config = await demoConfig(dataDir, process.env);
  const logFile = join(dataDir, 'station.log');
  const key = await demoKey(dataDir);
  const log = pino({ level: 'info', base: undefined }, patientDestination(logFile));
  const station = await openStation(config, log);
  const http = `http://${config.host}:${config.httpPort}`;
  const hasDocs = await hasPage(`${http}/api/docs`);
  const place = {
    http,
    mqtt: `mqtt://${config.host}:${config.mqtt.port}`,
    key,
    dataDir,
    log: logFile,
    hasDocs,
  };
  say(welcome(place, options.days));

  const stop = new AbortController();
  const results: { end(): unknown }[] = [];
  const simulator = Simulator.start(options, config, (line) => {
    // While the results themselves are shown, nobody needs to be told how many they are.
    const isLive = results.length > 0 && !stop.signal.aborted;
    if (!isLive || !line.startsWith('published: ')) say(`traps: ${line}`);
    // The results of the whole past at once would be no pleasure to read.
    if (!line.startsWith('published = stored') || results.length > 0 || stop.signal.aborted) return;
    say(pastIsPlayed(place));
    void station.checkActivity();
    results.push(liveResults(config.mqtt.port, DEMO_USER, key, say));
  });
  const end = async () => {
    if (stop.signal.aborted) {
      simulator.kill();
      process.exit(1); // asked twice: at once
    }
    stop.abort();
    say('\nEnding: the traps first, then the service …');
    for (const client of results) client.end();
    const status = await simulator.stop();
    await station.close();
    process.exit(status);
  };
  process.on('SIGINT', () => void end());
  process.on('SIGTERM', () => void end());
  whenNpmEnds(() => void end());
  const run = await firstObservation(http, key, stop.signal);
  if (run) say(`${firstSeen(run, process.uptime())}\n${whatToSee(place, run)}`);
  await simulator.ended;
  if (!stop.signal.aborted) await end();
}

demo().catch((error) => {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : MISUSED);
  process.stderr.write(`error: ${error.message}\n`);
  process.exit(1);
});
