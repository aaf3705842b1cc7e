export { ActivityModule, ActivityWatchModule } from './activity.module.js';
export { type ActivityHour, activityNamed, listEpisodes } from './activity.repository.js';
export {
  EPISODE,
  EXAMPLE_EPISODE,
  EXAMPLE_FIRST_SIGHTING,
  episodeView,
  FIRST_SIGHTING,
  firstSightingView,
} from './activity.schema.js';
export { ActivityWatch } from './activity-watch.js';
