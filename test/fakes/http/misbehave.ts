import type { ServerResponse } from 'node:http';
import type { FakeAnswer } from './exchange.ts';
import type { Fault } from './fault.ts';

const page = '<!DOCTYPE html><html><body><h1>Welcome to the proxy</h1></body></html>';
const trickleEveryMs = 20;

export const writeAnswer = (response: ServerResponse, { status, headers, body }: FakeAnswer): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
};

const reset = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy();
};

const truncate = (response: ServerResponse): void => {
  response.socket?.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"');
};

const trickle = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), trickleEveryMs);
  response.once('close', () => {
    clearInterval(timer);
  });
};

/** Node writes no final answer below 200, so the line goes to the socket as it is. */
const writeStatus = (response: ServerResponse, fault: Extract<Fault, { kind: 'status' }>): void => {
  const { status, body = '', headers = {} } = fault;
  if (status >= 200) return writeAnswer(response, { status, body, headers });
  const upgrade = status === 101 ? 'connection: upgrade\r\nupgrade: fake\r\n' : '';
  response.socket?.write(`HTTP/1.1 ${status} Fake\r\n${upgrade}\r\n`);
};

/** A fault that is not a judgement. */
export type Misbehaviour = Exclude<Fault, { kind: 'instead' }>;

/** Ends, or never ends, an exchange as the fault says. */
export const misbehave = (fault: Misbehaviour, response: ServerResponse): void => {
  switch (fault.kind) {
    case 'hang':
    case 'accept, then hang':
      return;
    case 'reset':
    case 'accept, then reset':
      return reset(response);
    case 'status':
      return writeStatus(response, fault);
    case 'html':
      return writeAnswer(response, { status: 200, headers: { 'content-type': 'text/html' }, body: page });
    case 'garbage':
      response.socket?.end('SSH-2.0-not a web server\r\n');
      return;
    case 'accept, then truncate':
      return truncate(response);
    case 'accept, then trickle':
      return trickle(response);
    case 'accept, then answer nonsense':
      return writeAnswer(response, { status: 200, body: '{"greeting":"hello"}' });
  }
};
