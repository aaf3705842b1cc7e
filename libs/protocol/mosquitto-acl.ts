import { isId } from '../domain/index.js';
import { DISCOVERY_PREFIX, mayReceiveAsViewer } from './access.js';
import { FILTER } from './topic-names.js';
import { KINDS, type Kind, topicEntry } from './topics.js';

const SERVICE_ROOTS = ['traps/v1/#', 'alerts/v1/#'];

/** An account that only reads. */
export interface MosquittoViewer {
  readonly user: string;
  /** The only traps that it may read of; undefined: all. */
  readonly traps?: readonly string[] | undefined;
}

/** Mosquitto fills `%u` with the user name, which is the trap's id. */
const perUser = (kind: Kind): string => FILTER[kind].replace('+', '%u');

/**
 * The access rules as an ACL file for Mosquitto 2. With it, whatever is not named is denied.
 *
 * @param serviceUser user name of the service, which may read and publish everything of this contract
 * @param viewers accounts that only read, of some traps or of all; a name must not be a possible trap id (`anna@lab` is none), since
 *   Mosquitto would give it the rights of a trap of that name
 * @param discoveryPrefix below which Home Assistant looks for devices
 * @throws RangeError for names that Mosquitto would misread
 */
export function mosquittoAcl(
  serviceUser: string,
  viewers: readonly MosquittoViewer[] = [],
  discoveryPrefix: string = DISCOVERY_PREFIX,
): string {
  const viewerUsers = viewers.map(({ user }) => user);
  for (const user of [serviceUser, ...viewerUsers]) {
    if (!/^[^\s#+/:]+$/.test(user))
      throw new RangeError(`no user name for Mosquitto: ${JSON.stringify(user)}`);
  }
  const trapLike = viewerUsers.find(isId);
  if (trapLike !== undefined) throw new RangeError(`a viewer must not be named like a trap: ${trapLike}`);
  const traps = KINDS.filter((kind) => FILTER[kind].startsWith('traps/'));
  const viewable = KINDS.map((kind) => FILTER[kind]).filter(mayReceiveAsViewer);
  return [
    '# Generated from the topics of Trapline. Generate it again rather than edit it.',
    '',
    `user ${serviceUser}`,
    ...[...SERVICE_ROOTS, `${discoveryPrefix}/#`].map((root) => `topic readwrite ${root}`),
    ...viewers.flatMap(({ user, traps }) => [
      '',
      `user ${user}`,
      ...(traps === undefined
        ? [
            ...[...viewable, `${discoveryPrefix}/#`].map((filter) => `topic read ${filter}`),
            // Home Assistant says there that it has started, also as its last will.
            `topic write ${discoveryPrefix}/status`,
          ]
        : traps.flatMap((trapId) =>
            viewable
              .filter((filter) => filter.startsWith('traps/'))
              .map((filter) => `topic read ${filter.replace('+', trapId)}`),
          )),
    ]),
    '',
    '# Every trap, under its own user name',
    ...traps.map((kind) => {
      const right = topicEntry(kind).direction === 'trap-to-service' ? 'write' : 'read';
      return `pattern ${right} ${perUser(kind)}`;
    }),
    '',
  ].join('\n');
}
