export { JobPool, JobsBusyError } from './job-pool.js';
export { JobLimitError } from './job-process.js';
export { serveJobs } from './serve-jobs.js';
