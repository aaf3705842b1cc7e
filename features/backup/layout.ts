// A backup is a folder: `images/` holds every picture once, and beside it stands one folder per snapshot, named after its
// time, with the catalog, all other files, their checksums, and at last its manifest.

/** At the top: that it is a backup, and of which catalog. */
export const BACKUP_FILE = 'trapline-backup.json';

export const MANIFEST = 'manifest.json';
/** As `sha256sum -c` reads them: of the snapshot's own files, and of the pictures, which lie beside it. */
export const CHECKSUMS = 'SHA256SUMS';
export const IMAGE_CHECKSUMS = 'images.sha256';
/** Accounts, passwords and keys; readable by its owner only. */
export const SECRETS = 'secrets.json';
/** Pictures that the catalog has and the disk has not. */
export const MISSING = 'missing.txt';
/** What else was in the data folder: models above all. */
export const OTHER_FILES = 'data';

/** A snapshot that is not finished yet, or never will be. */
export const PART = '.part';

export const snapshotName = (atMs: number): string =>
  new Date(atMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');

export const isSnapshotName = (name: string): boolean => /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/.test(name);
export const isPartName = (name: string): boolean =>
  name.endsWith(PART) && isSnapshotName(name.slice(0, -PART.length));
