import { type ArgumentMetadata, StandardSchemaValidationPipe } from '@nestjs/common';
import { STRAY } from './parameters.js';
import { type FieldError, invalidRequest, type Problem } from './problem.js';

type Issue = {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
};

const ERRORS_SHOWN = 20;

/** Holds what comes from outside against the schema of its parameter; a request that does not fit is a 400. */
export const checked = (): StandardSchemaValidationPipe => new Checked({ exceptionFactory: refuse });

/** Names that Nest takes away without a word; a name that nobody knows must be told. */
const TAKEN_AWAY = ['__proto__', 'prototype', 'constructor'];

class Checked extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const strays = metadata.schema ? TAKEN_AWAY.filter((name) => Object.hasOwn(Object(value), name)) : [];
    if (strays.length)
      throw invalidRequest(
        strays.map((field) => ({ field, message: metadata.type === 'body' ? STRAY.field : STRAY.parameter })),
      );
    return (await super.transform(value, metadata)) as T;
  }
}

function refuse(issues: readonly Issue[]): Problem {
  return invalidRequest(issues.slice(0, ERRORS_SHOWN).map(asFieldError));
}

function asFieldError({ path, message }: Issue): FieldError {
  const names = (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  return { field: names.join('.').slice(0, 100) || 'body', message };
}
