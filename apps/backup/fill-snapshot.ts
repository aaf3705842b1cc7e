import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CATALOG_FILE,
  countAll,
  openCopy,
  type SecretRows,
  settleCopy,
  takeOutSecrets,
  takeSnapshot,
} from '../../libs/catalog/index.js';
import type { BackupOptions } from './backup-options.js';
import { ChecksumList, sha256Of } from './checksums.js';
import { writeWhole } from './copy-file.js';
import { copyOtherFiles } from './copy-other-files.js';
import { copyPictures, missingLine } from './copy-pictures.js';
import { roomGuard } from './disk-room.js';
import { CHECKSUMS, IMAGE_CHECKSUMS, MISSING, SECRETS } from './layout.js';
import { manifestOf } from './manifest.js';
import { otherFiles } from './other-files.js';
import { secretsText } from './secrets.js';

/** Fills the folder of a snapshot with all but its manifest, which it returns. */
export async function fillSnapshot(
  part: string,
  catalog: string,
  startedAtMs: number,
  options: BackupOptions,
) {
  const { place, folder, withSecrets, version } = options;
  const expectRoom = await roomGuard(folder, place.dataDir, options.diskReserveBytes);
  await expectRoom();
  await takeSnapshot(place, part);
  await writeFile(join(part, MISSING), '');
  const { pictures, imagesSum, secretRows, counts } = await fillFromCopy(
    part,
    startedAtMs,
    options,
    expectRoom,
  );

  const other = await otherFiles(place.dataDir);
  const list = await ChecksumList.open(join(part, CHECKSUMS));
  for (const name of [CATALOG_FILE, MISSING])
    await list.add({ path: name, sha256: await sha256Of(join(part, name)) });
  for (const file of await copyOtherFiles(place.dataDir, other.open, folder, part)) await list.add(file);
  const secrets = withSecrets ? secretsText(secretRows, other.secret) : undefined;
  if (secrets) await writeWhole(join(part, SECRETS), secrets);
  const manifest = manifestOf({
    version,
    catalog,
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date().toISOString(),
    counts: {
      ...counts,
      pictures: pictures.pictures,
      pictureBytes: pictures.bytes,
      missing: pictures.missing,
    },
    checksums: { files: await list.close(), images: imagesSum },
    secrets: secrets ? await sha256Of(join(part, SECRETS)) : null,
  });
  return { manifest, copied: pictures.copied };
}

async function fillFromCopy(
  part: string,
  nowMs: number,
  { live, place, folder, verify, onProgress }: BackupOptions,
  expectRoom: () => Promise<void>,
) {
  const copy = await openCopy(part);
  const list = await ChecksumList.open(join(part, IMAGE_CHECKSUMS));
  try {
    const pictures = await copyPictures({
      copy: copy.db,
      live,
      dataDir: place.dataDir,
      backup: folder,
      list,
      verify,
      onMissing: (crop, why) => appendFile(join(part, MISSING), missingLine(crop, why)),
      onPage: async (soFar) => {
        await expectRoom();
        onProgress(soFar);
      },
    });
    await settleCopy(copy.db, pictures.removed, nowMs);
    const secretRows: SecretRows = await takeOutSecrets(copy.db);
    return { pictures, imagesSum: await list.close(), secretRows, counts: await countAll(copy.db) };
  } catch (error) {
    await list.abandon();
    throw error;
  } finally {
    await copy.close();
  }
}
