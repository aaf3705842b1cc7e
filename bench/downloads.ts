import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imagesRoot } from '../libs/store/index.js';
import { fillFolder } from '../test/fixtures/filled-folder.js';
import { Station } from '../test/fixtures/station.js';
import { trapCrops, unlike } from './crops.js';
import { type Fetched, fetchFast } from './fetch-fast.js';
import { median } from './load.js';

const ROUNDS = 5;
const CROPS = 10_000;
const PICTURES = 64;

/**
 * An archive of 10,000 crops (or of as many as are named) as fast as a client can take it, against archiver on the same
 * files; they take turns, and both are warm.
 */
export async function downloads([crops = String(CROPS)]: readonly string[]): Promise<void> {
  const station = await Station.startAsInUse({ TRAPLINE_CLASSIFIERS: '0' });
  let archiver: ChildProcess | undefined;
  try {
    await station.stop();
    const pictures = await trapCrops(PICTURES);
    const paths = await fillFolder(station.dataDir, Number(crops), (i) =>
      unlike(pictures[i % PICTURES] as Buffer, i),
    );
    await station.start();
    const list = join(station.dataDir, 'paths.json');
    writeFileSync(list, JSON.stringify(paths));
    archiver = fork(new URL('./archiver-service.js', import.meta.url), [list, imagesRoot(station.dataDir)]);
    const [{ port }] = await once(archiver, 'message');
    const headers = { authorization: `Bearer ${station.adminKey}` };
    const ours: Fetched[] = [];
    const theirs: Fetched[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(await fetchFast(`${station.http}/api/v1/downloads/images.zip`, station.pid, headers));
      print('trapline', ours.at(-1));
      theirs.push(await fetchFast(`http://127.0.0.1:${port}/`, archiver.pid as number));
      print('archiver', theirs.at(-1));
    }
    const speed = (all: readonly Fetched[]) => median(all.map(({ megabytesPerS }) => megabytesPerS));
    const most = (all: readonly Fetched[]) => Math.max(...all.map(({ memoryMb }) => memoryMb));
    console.log(
      `medians: ${speed(ours).toFixed(0)} MB/s against ${speed(theirs).toFixed(0)} MB/s of archiver: ${(speed(ours) / speed(theirs)).toFixed(1)} times; most memory ${most(ours).toFixed(0)} MB against ${most(theirs).toFixed(0)} MB`,
    );
  } finally {
    archiver?.disconnect();
    await station.remove();
  }
}

function print(name: string, fetched: Fetched | undefined): void {
  if (!fetched) return;
  const { firstByteMs, bytes, megabytesPerS, memoryMb } = fetched;
  console.log(
    `${name}: first byte after ${firstByteMs.toFixed(0)} ms, ${(bytes / 1e6).toFixed(0)} MB at ${megabytesPerS.toFixed(0)} MB/s, ${memoryMb.toFixed(0)} MB more memory`,
  );
}
