import { Module } from '@nestjs/common';
import { ReviewsController } from './reviews.controller.js';

/** What people say of runs. */
@Module({ controllers: [ReviewsController] })
export class ReviewsModule {}
