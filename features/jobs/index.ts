export { JobCanceledError, type RunningJob, runJob } from './job-runner.js';
export { JobsModule } from './jobs.module.js';
export { findJob } from './jobs.repository.js';
export { EXAMPLE_JOB, JOB, presentJob } from './jobs.schema.js';
