import { safeName } from '../../../libs/store/index.js';
import { plural } from '../../../libs/text/index.js';
import { sha256 } from '../messages/crop-bytes.js';
import { filesOf } from './disk.js';
import type { RunEntry } from './ledger.js';
import type { Service, StoredRunWithCrops } from './service.js';

/** Where to look for what was published. */
export interface Places {
  readonly service: Service;
  /** The folder of all images, where it can be seen from here. */
  readonly imagesRoot?: string | undefined;
}

/** @returns what is not as it was published: each thing by its name; none = catalog, REST and disk have the run whole, once */
export async function compareRun(entry: RunEntry, { service, imagesRoot }: Places): Promise<string[]> {
  const name = `${entry.trapId}/${entry.runId}`;
  const stored = await service.run(entry.trapId, entry.runId);
  if (!stored) return [`${name} is not in the catalog`];
  return [
    ...runDifferences(name, entry, stored),
    ...cropDifferences(name, entry, stored),
    ...(await byteDifferences(name, entry, service)),
    ...(imagesRoot === undefined ? [] : await fileDifferences(name, entry, imagesRoot)),
  ];
}

function runDifferences(name: string, entry: RunEntry, stored: StoredRunWithCrops): string[] {
  return [
    ...(stored.status === 'complete' ? [] : [`${name} is not complete`]),
    ...(stored.receipt === 'complete' ? [] : [`${name} has the receipt ${stored.receipt ?? 'none'}`]),
    ...(stored.storedCrops === entry.crops.length
      ? []
      : [
          `${name} counts ${plural(stored.storedCrops, 'crop')}, ${entry.crops.length} ${entry.crops.length === 1 ? 'was' : 'were'} published`,
        ]),
    ...(stored.clockSuspect === entry.clockWrong
      ? []
      : [`${name} has a clock that is ${entry.clockWrong ? 'wrong and not' : 'right and'} flagged`]),
  ];
}

function cropDifferences(name: string, entry: RunEntry, { crops }: StoredRunWithCrops): string[] {
  const sent = new Map(entry.crops);
  const stored = new Map(crops.map((crop) => [crop.cropId, crop]));
  const missing = entry.crops.flatMap(([cropId, hash]) => {
    const crop = stored.get(cropId);
    if (!crop) return [`${name}/${cropId} is not in the catalog`];
    if (crop.sha256 !== hash) return [`${name}/${cropId} is in the catalog with other bytes`];
    return crop.truncated === entry.truncated.includes(cropId)
      ? []
      : [`${name}/${cropId} is ${crop.truncated ? '' : 'not '}marked as truncated`];
  });
  const extra = crops.filter(({ cropId }) => !sent.has(cropId));
  return [...missing, ...extra.map(({ cropId }) => `${name}/${cropId} was never published`)];
}

async function byteDifferences(name: string, entry: RunEntry, service: Service): Promise<string[]> {
  const differences: string[] = [];
  for (const [cropId, hash] of entry.crops) {
    const bytes = await service.crop(entry.trapId, entry.runId, cropId);
    if (typeof bytes === 'number') differences.push(`${name}/${cropId} comes over REST as ${bytes}`);
    else if (sha256(bytes) !== hash) differences.push(`${name}/${cropId} comes over REST with other bytes`);
  }
  return differences;
}

async function fileDifferences(name: string, entry: RunEntry, imagesRoot: string): Promise<string[]> {
  const names = new Set(entry.crops.map(([cropId]) => safeName(cropId)));
  const files = await filesOf(imagesRoot, entry.trapId, entry.runId);
  const missing = entry.crops.flatMap(([cropId, hash]) => {
    const own = files.filter((file) => file.name === safeName(cropId));
    if (own.length === 0) return [`${name}/${cropId} has no file`];
    if (own.length > 1) return [`${name}/${cropId} has ${own.length} files`];
    return own[0]?.sha256 === hash ? [] : [`${own[0]?.path} has other bytes`];
  });
  const extra = files.filter(({ name: found }) => !names.has(found));
  return [...missing, ...extra.map(({ path }) => `${path} was never published`)];
}
