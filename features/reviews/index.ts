export { comment } from './review-body.js';
export { ReviewsModule } from './reviews.module.js';
