import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderHold, FolderInUseError, holdFile } from './folder-lock.js';

const FOLDER = 'broker-sessions';
/** Under this id, which any trap could take, services had their session up to version 0.1. */
const OLD_ID = 'trapline-ingest';
const ID = /^trapline-[0-9a-f]{32}$/;

/** Held by the one service of this folder that receives messages from the broker. */
const RECEIVER = 'receiver';

/** A session that an external broker keeps for the services of this data folder, while this process holds it. */
export interface BrokerSession {
  /** The client id: any client that knows it, and has an account, could take the session. */
  readonly clientId: string;
  /** Leaves the session to the next service. */
  release(): void;
  /** The broker does not have it any more. */
  remove(): void;
}

/**
 * Makes this process the one that receives from the broker, and continues the session of the receiver before it, or
 * creates the first one. All locks belong to the operating system and end with the process.
 *
 * @returns undefined while another process receives
 */
export function claimBrokerSession(dataDir: string): BrokerSession | undefined {
  const folder = join(dataDir, FOLDER);
  let receiver: FolderHold;
  try {
    receiver = holdFile(folder, RECEIVER, 'begin exclusive');
  } catch (error) {
    if (error instanceof FolderInUseError) return undefined;
    throw error;
  }
  try {
    const session = nextSession(folder);
    const release = () => {
      session.release();
      receiver.release();
    };
    return { ...session, release };
  } catch (error) {
    receiver.release();
    throw error;
  }
}

/** The file of a session has the name of its id, and is locked by the process whose session it is. */
function nextSession(folder: string): BrokerSession {
  const isKnown = readdirSync(folder).some((name) => ID.test(name) || name === OLD_ID);
  // What waits there from before is taken over, if there is such a session.
  if (!isKnown) holdFile(folder, OLD_ID, 'begin exclusive').release();
  for (const session of unused(folder, (id) => ID.test(id))) return session;
  const id = `trapline-${randomBytes(16).toString('hex')}`;
  return asSession(folder, id, holdFile(folder, id, 'begin exclusive'));
}

/** Takes the sessions that no running service has, one after the other: the messages that wait in them would be lost. */
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
