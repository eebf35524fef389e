import { z } from 'zod';
import { names } from './limits.ts';
import { brokenConstraint, ServiceError } from './service-error.ts';

/** Parses the body of a call as its operation's shape. */
export const parseInput = <Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> => {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ServiceError('SerializationException', z.prettifyError(parsed.error));
};

export const checkGroupName = (name: string): void => {
  checkLength(name, 'logGroupName');
  if (!names.group.test(name)) {
    throw brokenConstraint(name, 'logGroupName', String.raw`satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`);
  }
};

export const checkStreamName = (name: string): void => {
  checkLength(name, 'logStreamName');
  if (!names.stream.test(name)) {
    throw brokenConstraint(name, 'logStreamName', 'satisfy regular expression pattern: [^:*]*');
  }
};

const checkLength = (name: string, member: string): void => {
  if (name.length === 0) throw brokenConstraint(name, member, 'have length greater than or equal to 1');
  if (name.length > names.maxLength) throw brokenConstraint(name, member, 'have length less than or equal to 512');
};
