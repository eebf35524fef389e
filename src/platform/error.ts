import { isNativeError } from 'node:util/types';

/** True for errors of other realms too: Jest runs tests in a realm of their own, Node's errors come from outside. */
const isError = (error: unknown): error is Error => error instanceof Error || isNativeError(error);

/** What went wrong, for people, without a stack. */
export const messageOf = (error: unknown): string => (isError(error) ? error.message : String(error));

/** Node's code of a system or network error (`ENOSPC`, `ECONNREFUSED`); undefined for other errors. */
export const codeOf = (error: unknown): string | undefined =>
  isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
