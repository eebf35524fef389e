import type { ServerResponse } from 'node:http';
import type { FaultName } from './faults.ts';
import { ServiceError } from './service-error.ts';

/** A long word in an answer, where a client must not look for JSON. */
const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
const slowByteEveryMs = 50;

const errors: Partial<Record<FaultName, ServiceError>> = {
  throttling: new ServiceError('ThrottlingException', 'Rate exceeded'),
  unavailable: new ServiceError('ServiceUnavailableException', 'The service cannot complete the request.', 503, {
    'retry-after': '7',
  }),
  'operation aborted': new ServiceError(
    'OperationAbortedException',
    'A conflicting operation is currently in progress against this resource. Please try again.',
  ),
  'resource not found': new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.'),
  'expired token': new ServiceError('ExpiredTokenException', 'The security token included in the request is expired'),
  'unrecognized client': new ServiceError(
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
  ),
  'invalid parameter': new ServiceError('InvalidParameterException', 'A parameter is specified incorrectly.'),
};

/** How the service words that a group is closed to a user. */
export const accessDenied = (operation: string, group: string): ServiceError =>
  new ServiceError(
    'AccessDeniedException',
    `User: arn:aws:sts::123456789012:assumed-role/host/i-0 is not authorized to perform: logs:${operation} on resource: arn:aws:logs:us-east-1:123456789012:log-group:${group}:log-stream: because no identity-based policy allows the logs:${operation} action`,
  );

/** Sends one byte now and then, for as long as the client listens. */
const drip = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', 'content-length': '1000000' });
  response.write('{');
  const timer = setInterval(() => response.write(' '), slowByteEveryMs);
  response.on('close', () => clearInterval(timer));
};

const answerHtml = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'content-type': 'text/html' }).end(html);
};

const misbehave: Partial<Record<FaultName, (response: ServerResponse) => void>> = {
  'internal failure': (response) => response.writeHead(500).end(),
  'html instead of json': (response) => answerHtml(response, 200),
  'bad gateway': (response) => answerHtml(response, 502),
  reset: (response) => response.socket?.resetAndDestroy(),
  hang: () => undefined,
  'slow body': drip,
  'accept then hang': () => undefined,
  'accept then reset': (response) => response.socket?.resetAndDestroy(),
};

/**
 * Answers, or does not, as the fault says.
 *
 * @throws {ServiceError} where the service would answer with one.
 */
export const fail = (fault: FaultName, operation: string, group: string, response: ServerResponse): void => {
  if (fault === 'access denied') throw accessDenied(operation, group);
  const error = errors[fault];
  if (error !== undefined) throw error;
  misbehave[fault]?.(response);
};
