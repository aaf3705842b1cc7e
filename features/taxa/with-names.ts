import { Reflector } from '@nestjs/core';

/** Answers of the route get the common names of their labels, taxa and groups: `@WithNames(true)`. */
export const WithNames = Reflector.createDecorator<true>();
