import { Module } from '@nestjs/common';
import { ActivityController } from './activity.controller.js';
import { ActivityWatch } from './activity-watch.js';

/** What is unusual, and by how much. */
@Module({ controllers: [ActivityController] })
export class ActivityModule {}

/** Looks for unusual activity. Only where messages are taken. */
@Module({ providers: [ActivityWatch] })
export class ActivityWatchModule {}
