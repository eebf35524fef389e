import type { z } from 'zod';
import type { OnceRoute, StreamRoute } from './control-routes.ts';

/** A route with what answers it. `input` is what came in, not checked yet. */
export type ServedRoute =
  | {
      readonly kind: 'once';
      readonly method: string;
      readonly path: string;
      readonly answer: (input: unknown, signal: AbortSignal) => Promise<unknown>;
    }
  | {
      readonly kind: 'stream';
      readonly method: string;
      readonly path: string;
      readonly answer: (input: unknown, signal: AbortSignal) => AsyncIterable<unknown>;
    };

/**
 * Binds a route to a handler. The signal aborts when nobody waits for the answer any more.
 *
 * What the handler may throw for the asker: {@link RequestError}.
 */
export const serveOnce = <Input extends z.ZodObject, Output extends z.ZodType>(
  { kind, method, path, input }: OnceRoute<Input, Output>,
  handler: (asked: z.output<Input>, signal: AbortSignal) => Promise<z.input<Output>>,
): ServedRoute => ({
  kind,
  method,
  path,
  answer: async (given, signal) => await handler(input.parse(given), signal),
});

/** Binds a route to what is told until the signal aborts. */
export const serveStream = <Input extends z.ZodObject, Output extends z.ZodType>(
  { kind, method, path, input }: StreamRoute<Input, Output>,
  handler: (asked: z.output<Input>, signal: AbortSignal) => AsyncIterable<z.input<Output>>,
): ServedRoute => ({ kind, method, path, answer: (given, signal) => handler(input.parse(given), signal) });
