import { z } from 'zod';
import { isJsonObject } from '../../src/event/json.ts';
import { eventIdOf, parseJson } from './event-id.ts';
import type { FakeRequest, FakeVerdict, ReceivedEvent } from './http/exchange.ts';
import type { Fault } from './http/fault.ts';
import { startFakeServer, type FakeServer } from './http/fake-server.ts';

// Mezmo's ingest reference and @logdna/logger's constants; of conflicting figures the smaller.
const maxBodyBytes = 10_000_000;
const maxMetaBytes = 32_000;
const maxNameLength = 80;
const hostnamePattern = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
const maxSkewMs = 24 * 3_600_000;

const refuse = (status: number, message: string): FakeVerdict => ({
  answer: { status, body: JSON.stringify({ status: 'not ok', errors: [message] }) },
  accepted: [],
});

const name = z.string().min(1).max(maxNameLength);
const bytesOf = (value: unknown): number =>
  Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));

/** A line that Mezmo keeps as it is, nothing cut and nothing ignored. */
const soundLine = (maxLineBytes: number, nowMs: number) =>
  z.strictObject({
    line: z.string().refine((line) => line.trim() !== '' && bytesOf(line) <= maxLineBytes),
    timestamp: z.int().refine((timeMs) => Math.abs(timeMs - nowMs) <= maxSkewMs),
    level: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']),
    app: name.optional(),
    env: name.optional(),
    meta: z
      .record(z.string(), z.unknown())
      .refine((meta) => bytesOf(meta) <= maxMetaBytes)
      .optional(),
  });

const linesOf = (request: FakeRequest): readonly unknown[] => {
  const content = parseJson(request.body.toString());
  const lines = isJsonObject(content) ? content['lines'] : undefined;
  return Array.isArray(lines) ? lines : [];
};

const shownLine = z.object({ line: z.string(), meta: z.unknown() });

const idOf = (line: unknown): string => {
  const shown = shownLine.safeParse(line);
  if (!shown.success) return '';
  return eventIdOf(shown.data.meta) || eventIdOf(parseJson(shown.data.line));
};

/** Settings of the fake that accounts differ in. */
export interface FakeLogdnaOptions {
  readonly tls?: boolean;
  /** 16,000 unless said otherwise; 32,000 is the other figure in circulation. */
  readonly maxLineBytes?: number;
}

/** Takes the lines that `statuses` says were fine and answers as Mezmo does: 207 unless all were. */
const answerLines = (request: FakeRequest, lines: readonly unknown[], statuses: readonly number[]): FakeVerdict => {
  const key = request.url.searchParams.get('hostname') ?? '';
  const accepted = lines
    .filter((_, index) => statuses[index] === 200)
    .map((line): ReceivedEvent => ({ key, id: idOf(line), text: JSON.stringify(line) }));
  if (statuses.some((status) => status !== 200)) {
    return { answer: { status: 207, body: JSON.stringify({ status: statuses }) }, accepted };
  }
  return { answer: { status: 200, body: '{"status":"ok","batchID":"fake"}' }, accepted };
};

/** Exactly one way to show the key is allowed. */
const showsKey = ({ headers, url }: FakeRequest, key: string): boolean => {
  const basic = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
  const shown = [headers['authorization'] === basic ? key : headers['authorization'], headers['apikey']];
  const all = [...shown, url.searchParams.get('apikey') ?? undefined].filter((credential) => credential !== undefined);
  return all.length === 1 && all[0] === key;
};

/** What is wrong with the request as a whole; undefined when nothing is. */
const faultOf = (request: FakeRequest): string | undefined => {
  const host = request.url.searchParams.get('hostname') ?? '';
  if (host.length > maxNameLength || !hostnamePattern.test(host)) return 'hostname is invalid';
  if (!/^\d{13}$/.test(request.url.searchParams.get('now') ?? '')) return 'now is invalid';
  if (!/^application\/json\b/.test(String(request.headers['content-type']))) return 'content type is invalid';
  return linesOf(request).length === 0 ? 'lines are missing' : undefined;
};

const serve = (request: FakeRequest, key: string, maxLineBytes: number): FakeVerdict => {
  if (request.url.pathname !== '/logs/ingest') return refuse(404, 'not found');
  if (request.method !== 'POST') return refuse(405, 'method not allowed');
  if (!showsKey(request, key)) return refuse(401, 'invalid ingestion key');
  if (request.body.length > maxBodyBytes) return refuse(413, 'payload too large');
  const fault = faultOf(request);
  if (fault !== undefined) return refuse(400, fault);
  const lines = linesOf(request);
  const sound = soundLine(maxLineBytes, Number(request.url.searchParams.get('now')));
  return answerLines(
    request,
    lines,
    lines.map((line) => (sound.safeParse(line).success ? 200 : 400)),
  );
};

/** The ingest endpoint of LogDNA (Mezmo), strict: one credential, sound names, each line judged on its own. */
export const startFakeLogdna = (
  key: string,
  { tls = false, maxLineBytes = 16_000 }: FakeLogdnaOptions = {},
): Promise<FakeServer> => startFakeServer((request) => serve(request, key, maxLineBytes), { tls });

const notOk = (status: number, message: string): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ status: 'not ok', errors: [message] }),
});

/** Every refusal that Mezmo documents or was seen to give. */
export const logdnaFaults = {
  tooLargeForQueue: notOk(400, 'local:10::Broker: Message size too large'),
  badRequest: notOk(400, 'hostname is required'),
  badKey: notOk(401, 'invalid ingestion key'),
  suspended: notOk(403, 'account suspended'),
  tooLarge: notOk(413, 'payload too large'),
  throttled: { kind: 'status', status: 429, body: '', headers: { 'retry-after': '7' } },
  serverError: notOk(500, 'internal error'),
  badGateway: { kind: 'status', status: 502, body: '<html>502</html>', headers: { 'content-type': 'text/html' } },
  unavailable: notOk(503, 'unavailable'),
  gatewayTimeout: notOk(504, 'gateway timeout'),
  cloudflareDown: { kind: 'status', status: 521 },
  cloudflareConnect: { kind: 'status', status: 522 },
  cloudflareTimeout: { kind: 'status', status: 524 },
} satisfies Readonly<Record<string, Fault>>;

/** Judges each line by its index, soundness aside, and takes those with 200. */
export const logdnaVerdicts = (statusOf: (index: number) => number): Fault => ({
  kind: 'instead',
  serve: (request) => {
    const lines = linesOf(request);
    return answerLines(
      request,
      lines,
      lines.map((_, index) => statusOf(index)),
    );
  },
});
