import { serveJobs } from '../../../../libs/jobs/index.js';
import { type CutJob, cutFrame } from './cut-frame.js';

/** The program of the process that decodes frames, whatever they are: the agent itself never does. */
serveJobs((job: CutJob) => cutFrame(job));
