import { HUMAN } from '../libs/domain/index.js';
import { activity, event, run, status } from './columns.js';

// With braces and a format: $trap without them is escaped differently by one version of Grafana and the next.
const chosen = (column: string, variable: string) => `${column} =~ /^\${${variable}:regex}$/`;

/**
 * The one model that counts: without it a run that was classified again would count twice. And the runs of which people
 * alone have said what they show: none of them is a run of any model.
 */
export const MODEL = `(${run.tag('model')} = '\${model}' OR ${run.tag('model')} = '${HUMAN}')`;
const INSECTS = `${run.tag('insect')} = 'yes'`;
const NO_INSECTS = `${run.tag('insect')} = 'no'`;

/** Visits of insects at the chosen traps. */
export const VISITS = [MODEL, chosen(run.tag('trap'), 'trap'), INSECTS] as const;
/** The same, of the chosen labels only. */
export const VISITS_OF_LABELS = [...VISITS, chosen(run.tag('label'), 'label')] as const;
/** What model or people took for no insect: shown, and never counted with the insects. */
export const FALSE_SIGHTINGS = [MODEL, chosen(run.tag('trap'), 'trap'), NO_INSECTS] as const;

export const STATUS_OF_TRAPS = [chosen(status.tag('trap'), 'trap')] as const;
export const EVENTS_OF_TRAPS = [chosen(event.tag('trap'), 'trap')] as const;
/** Each group by itself; the group `all` holds the others once more. */
export const ACTIVITY_OF_GROUP = [
  chosen(activity.tag('trap'), 'trap'),
  chosen(activity.tag('group'), 'group'),
] as const;
/** All insects together, in the chosen hours of the day. */
export const ACTIVITY_IN_HOURS = [
  chosen(activity.tag('trap'), 'trap'),
  `${activity.tag('group')} = 'all'`,
  chosen(activity.tag('hour'), 'hour'),
] as const;
/** Visits of the chosen labels, in the chosen hours of the day. */
export const VISITS_IN_HOURS = [...VISITS_OF_LABELS, chosen(run.field('hour'), 'hour')] as const;
