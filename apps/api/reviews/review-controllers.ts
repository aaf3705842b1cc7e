import { AgreementController } from './agreement.controller.js';
import { ReviewsController } from './reviews.controller.js';
import { ReviewsDownloadController } from './reviews-download.controller.js';

/** What people say of runs, and what comes of it. */
export const REVIEW_CONTROLLERS = [ReviewsController, ReviewsDownloadController, AgreementController];
