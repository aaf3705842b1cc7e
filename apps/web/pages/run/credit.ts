/** Who is to be named beside a picture. */
export const creditOf = (trapName: string): string => `${trapName} / Trapline`;
