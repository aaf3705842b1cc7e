import { nearest } from '../text/index.js';

/** A name that a setting of ours has, or a mistyped one may have. */
const OURS = /^TRAPLINE_/i;
const NEIGHBOURS = /^(MQTT|INFLUX|INFLUXDB|DATABASE|DB)_/i;
/** What others read, and may stand in the same `.env`: the containers, the agent, the tests, commands of the documentation. */
const OF_OTHERS =
  /^TRAPLINE_((EDITORS|OPERATORS)_(EMAIL|WEBHOOK)|AGENT_PASSWORD|KEY|SHARED|TEST_[A-Z_]+)$|^(MQTT_(SERVICE_PASSWORD|BIND)|INFLUX_ADMIN_PASSWORD)$/;
/** What Kubernetes and Docker set for a service that is called `trapline`. */
const OF_A_SERVICE = /^TRAPLINE_(SERVICE_(HOST|PORT)|PORT_\d+_|ENV_|NAME$)/;
/** So far a name of another program may not be away from one of ours to be taken for mistyped. */
const MISTYPED_WITHIN = 2;

/**
 * Finds variables that look like settings and are none, since a mistyped name would leave its setting at the default
 * without a word.
 *
 * @param set the variables that have a value
 * @param known the names of all settings
 * @returns a line for each, with the name that is nearest
 */
export function unknownVariables(
  set: Readonly<Record<string, string>>,
  known: readonly string[],
): readonly string[] {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(set)) {
    if (known.includes(name) || OF_OTHERS.test(name)) continue;
    const isOurs = OURS.test(name);
    if (!isOurs && !NEIGHBOURS.test(name)) continue;
    if (OF_A_SERVICE.test(name) || (name === 'TRAPLINE_PORT' && value.includes('://'))) continue;
    const { name: meant, distance } = nearest(name, known);
    // Names without our prefix may belong to another program, all the more where ours is set.
    if (!isOurs && (distance > MISTYPED_WITHIN || set[meant] !== undefined)) continue;
    lines.push(`${name}: there is no such setting; the nearest is ${meant}`);
  }
  return lines;
}
