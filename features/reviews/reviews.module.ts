import { AgreementController } from '../agreement/index.js';
import { ReviewsDownloadController } from '../downloads/index.js';
import { ReviewsController } from './reviews.controller.js';

/** What people say of runs, and what comes of it. */
export const REVIEW_CONTROLLERS = [ReviewsController, ReviewsDownloadController, AgreementController];
