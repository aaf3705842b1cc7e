import { expect, it } from '@jest/globals';
import { Rejection } from '../../libs/protocol/index.js';
import { rejectionProblem } from './rejection-problem.js';

it.each([
  ['empty', undefined, 422, 'The payload has no bytes.'],
  ['crop-conflict', 'crop 1 has other bytes', 409, 'crop 1 has other bytes.'],
] as const)('the refusal %s is one sentence over HTTP', (code, message, status, detail) => {
  expect(rejectionProblem(new Rejection(code, message))).toMatchObject({ code, status, detail });
});
