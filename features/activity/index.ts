export { ActivityModule, ActivityWatchModule } from './activity.module.js';
export { type ActivityHour, ActivityRepository, activityNamed } from './activity.repository.js';
export {
  EPISODE,
  EXAMPLE_EPISODE,
  EXAMPLE_FIRST_SIGHTING,
  FIRST_SIGHTING,
  presentEpisode,
  presentFirstSighting,
} from './activity.schema.js';
export { ActivityWatch } from './activity-watch.js';
