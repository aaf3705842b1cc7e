import type { JournalEntry } from './journal.js';
import type { PictureState, StoredPicture } from './stored-picture.js';

/** Bytes in the journal, and the plain file that they are to become. */
export interface Filing extends JournalEntry {
  readonly crc32: number;
  readonly path: string;
}

export type ToDiskThread = { readonly id: number; readonly dataDir: string } & (
  | { readonly filings: readonly Filing[] }
  | { readonly pictures: readonly StoredPicture[] }
);

/** The answer, for each filing or picture in its order; with `error` some of the files are not there, or not durable. */
export interface FromDiskThread {
  readonly id: number;
  readonly states?: readonly PictureState[];
  readonly error?: { readonly message: string; readonly code?: string | undefined };
}
