export { JobLimitError, type JobLimits, JobPool, type JobPoolOptions, JobsBusyError } from './job-pool.js';
export { serveJobs } from './serve-jobs.js';
