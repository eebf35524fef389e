import { PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { PutRequest } from './request.ts';

const hasBody = (request: unknown): request is { body: unknown } =>
  typeof request === 'object' && request !== null && 'body' in request;

/**
 * The SDK's command for a request, but with a body of our own making: the SDK's serializer walks a schema for every event,
 * and a request took 4.0 CPU-seconds per million lines instead of 1.8. The body is put in before it is measured and signed.
 */
export const createPutCommand = ({ input }: PutRequest): PutLogEventsCommand => {
  const command = new PutLogEventsCommand({ ...input, logEvents: [] });
  command.middlewareStack.add(
    (next) => (step) => {
      if (!hasBody(step.request)) throw new TypeError('the AWS SDK made a request that has no body');
      step.request.body = Buffer.from(JSON.stringify(input));
      return next(step);
    },
    { name: 'putLogEventsBody', step: 'build', priority: 'high' },
  );
  return command;
};
