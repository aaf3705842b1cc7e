export { ActivityModule, ActivityWatchModule } from './activity.module.js';
export { type ActivityHour, activityNamed } from './activity.repository.js';
