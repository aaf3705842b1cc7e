import { Module } from '@nestjs/common';
import { RunsModule } from '../runs/index.js';
import { ReviewsController } from './reviews.controller.js';
import { ReviewsRepository } from './reviews.repository.js';
import { ReviewsService } from './reviews.service.js';

/** What people decide about runs. */
@Module({
  imports: [RunsModule],
  controllers: [ReviewsController],
  providers: [ReviewsService, ReviewsRepository],
})
export class ReviewsModule {}
