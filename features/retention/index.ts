export { bindForced, bindingOf } from './data-dir-binding.js';
export { notPaired } from './refusal.js';
export type { Plan } from './removal-plan.js';
export type { RemovalSummary } from './removal-summary.js';
export { RetentionModule, RetentionPlanModule } from './retention.module.js';
export { countRemovals, findRound, hasRemovedUnseen } from './retention.repository.js';
export { RetentionJob } from './retention-job.js';
