export { ActivityController } from './activity.controller.js';
export { ActivityModule } from './activity.module.js';
export { type ActivityHour, activityNamed } from './activity.repository.js';
export { ActivityWatch } from './activity-watch.js';
