import { expect, it } from '@jest/globals';
import { Refusal } from '../../../libs/protocol/index.js';
import { refusalProblem } from './refusal-problem.js';

it.each([
  ['empty', undefined, 422, 'The payload has no bytes.'],
  ['crop-conflict', 'crop 1 has other bytes', 409, 'crop 1 has other bytes.'],
] as const)('the refusal %s is one sentence over HTTP', (code, message, status, detail) => {
  expect(refusalProblem(new Refusal(code, message))).toMatchObject({ code, status, detail });
});
