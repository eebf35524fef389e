import { eventIdOf, parseJson } from './event-id.ts';
import type { FakeRequest, FakeVerdict, ReceivedEvent } from './http/exchange.ts';
import type { Fault } from './http/fault.ts';
import { startFakeServer, type FakeServer } from './http/fake-server.ts';

// Loggly, "HTTP/S Bulk Endpoint" and "Tags", with the smaller reading of MB.
const maxBodyBytes = 5_000_000;
const maxEventBytes = 1_000_000;
const tagPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const bulkPath = /^\/bulk\/([^/]+)\/tag\/([^/]*)\/?$/;

const refuse = (status: number, message: string): FakeVerdict => ({
  answer: { status, body: JSON.stringify({ response: message }) },
  accepted: [],
});

/** What is wrong with a line; undefined when nothing is. */
const faultOf = (line: string): string | undefined => {
  if (line.trim() === '') return 'blank line';
  if (Buffer.byteLength(line) + 1 > maxEventBytes) return 'event over 1 MB';
  const looksLikeJson = line.startsWith('{"');
  return looksLikeJson && parseJson(line) === undefined ? 'broken JSON' : undefined;
};

const takeLines = (body: string, tags: string): FakeVerdict => {
  const lines = body.replace(/\n$/, '').split('\n');
  const fault = lines.map(faultOf).find((found) => found !== undefined);
  if (fault !== undefined) return refuse(400, fault);
  const accepted = lines.map((text): ReceivedEvent => ({ key: tags, id: eventIdOf(parseJson(text)), text }));
  return { answer: { status: 200, body: '{"response":"ok"}' }, accepted };
};

const serve = (request: FakeRequest, token: string): FakeVerdict => {
  const path = bulkPath.exec(request.url.pathname);
  if (path === null) return refuse(404, 'not found');
  if (request.method !== 'POST') return refuse(405, 'method not allowed');
  if (path[1] !== token) return refuse(403, 'forbidden');
  const tags = decodeURIComponent(path[2] ?? '');
  if (!tags.split(',').every((tag) => tagPattern.test(tag))) return refuse(400, `bad tags: ${tags}`);
  if (!/^(?:text\/plain|application\/json)\b/.test(String(request.headers['content-type']))) {
    return refuse(400, 'bad content type');
  }
  if (request.body.length > maxBodyBytes) return refuse(413, 'request entity too large');
  return takeLines(request.body.toString(), tags);
};

/** Loggly's bulk endpoint, strict: one token, documented limits in bytes, tags, one sound event per line. */
export const startFakeLoggly = (token: string, options: { readonly tls?: boolean } = {}): Promise<FakeServer> =>
  startFakeServer((request) => serve(request, token), options);

const answerOf = (status: number, response: string): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ response }),
});

/** Every refusal that Loggly documents or was seen to give. */
export const logglyFaults = {
  badToken: answerOf(403, 'forbidden'),
  tooLarge: answerOf(413, 'request entity too large'),
  badRequest: answerOf(400, 'bad request'),
  notFound: answerOf(404, 'not found'),
  gone: answerOf(410, 'gone'),
  throttled: answerOf(429, 'too many requests'),
  serverError: answerOf(500, 'internal server error'),
  notImplemented: answerOf(501, 'not implemented'),
  unavailable: answerOf(503, 'service unavailable'),
} satisfies Readonly<Record<string, Fault>>;
