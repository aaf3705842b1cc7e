import { StandardSchemaValidationPipe } from '@nestjs/common';
import { type FieldError, invalidRequest, type Problem } from './problem.js';

type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

const ERRORS_SHOWN = 20;

/** Holds what comes from outside against the schema of its parameter; a request that does not fit is a 400. */
export const checked = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({ exceptionFactory: refuse });

function refuse(issues: readonly Issue[]): Problem {
  return invalidRequest(issues.slice(0, ERRORS_SHOWN).map(asFieldError));
}

function asFieldError({ path, message }: Issue): FieldError {
  const names = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  return { field: names.join('.').slice(0, 100), message };
}
