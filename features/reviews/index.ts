export { comment } from './review-body.js';
export { REVIEW_CONTROLLERS } from './reviews.module.js';
