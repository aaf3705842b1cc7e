import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderHold, FolderInUseError, holdFile } from './folder-lock.js';
import { makeFolder } from './make-folder.js';

const FOLDER = 'broker-sessions';
/** Under this id, which any trap could take, services had their session up to version 0.1. */
const OLD_ID = 'trapline-ingest';
const ID = /^trapline-[0-9a-f]{32}$/;

/** A session that an external broker keeps for services of this data folder, while it is ours. */
export interface BrokerSession {
  /** The client id: whoever knows it, and has an account, could take the session. */
  readonly clientId: string;
  /** Leaves the session to the next service that starts. */
  release(): void;
  /** The broker does not have it any more. */
  remove(): void;
}

/**
 * Takes the session of a service that has ended, or makes up a new one. The file of a session bears the name of its id,
 * and is locked by the process whose session it is: a lock of the operating system, which ends with the process.
 */
export function claimBrokerSession(dataDir: string): BrokerSession {
  const folder = join(dataDir, FOLDER);
  if (!existsSync(folder)) {
    makeFolder(folder);
    // What waits there from before is taken over, if there is such a session.
    holdFile(folder, OLD_ID, 'begin exclusive').release();
  }
  for (const session of unused(folder, (id) => ID.test(id))) return session;
  const id = `trapline-${randomBytes(16).toString('hex')}`;
  return asSession(folder, id, holdFile(folder, id, 'begin exclusive'));
}

/** Takes the sessions that no running service has, one after the other: what waits in them, nobody would get. */
export function* abandonedBrokerSessions(dataDir: string): Generator<BrokerSession> {
  yield* unused(join(dataDir, FOLDER), (id) => ID.test(id) || id === OLD_ID);
}

function* unused(folder: string, isOne: (id: string) => boolean): Generator<BrokerSession> {
  for (const id of readdirSync(folder).filter(isOne).sort()) {
    const file = join(folder, id);
    const inode = statSync(file, { throwIfNoEntry: false })?.ino;
    if (inode === undefined) continue;
    try {
      const hold = holdFile(folder, id, 'begin exclusive');
      // Somebody else may have removed it just before, and this is a new file of the old name.
      if (statSync(file, { throwIfNoEntry: false })?.ino === inode) yield asSession(folder, id, hold);
      else hold.release();
    } catch (error) {
      if (!(error instanceof FolderInUseError)) throw error;
    }
  }
}

const asSession = (folder: string, clientId: string, hold: FolderHold): BrokerSession => ({
  clientId,
  release: () => hold.release(),
  remove: () => {
    rmSync(join(folder, clientId), { force: true });
    hold.release();
  },
});
