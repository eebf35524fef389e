import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';
import { describeListenError, startAdminServer, type AdminServer } from './http-server.ts';

const destination: DestinationStatus = {
  name: 'cloudwatch',
  type: 'cloudwatch',
  condition: { state: 'retrying', reason: 'no answer' },
  balance: {
    read: 9,
    delivered: 5,
    uncertain: 0,
    dropped: { rejected: 1 },
    droppedTotal: 1,
    pending: 3,
    lost: { 'journal gap': 4 },
  },
  unexplained: 0,
  parked: [],
  parkedKeys: 0,
  parkedLines: 0,
  resent: 2,
  originated: 4,
  billedBytes: 700,
  lagLines: 3,
  lagSeconds: 1.5,
  checkpointProblem: undefined,
};
const sound: AgentStatus = {
  source: {
    name: 'journald',
    description: 'journal of this host',
    warnings: [],
    gapDetection: { state: 'on', rewound: undefined },
  },
  recordsRead: 9,
  bytesRead: 900,
  feeds: 1,
  windowBytes: 10,
  sourceProblem: undefined,
  destinations: [destination],
  denied: [{ name: 'loggly', reason: 'LOGGLY_TOKEN is not set' }],
  replays: [],
};

const nowMs = 1_795_326_000_000;
let server: AdminServer | undefined;
afterEach(() => server?.close());

const serve = async (status: () => Promise<AgentStatus>): Promise<string> => {
  server = await startAdminServer({ host: '127.0.0.1', port: 0, status, now: () => nowMs });
  return server.url;
};

const get = async (url: string, method = 'GET') => {
  const response = await fetch(url, { method });
  return { status: response.status, text: await response.text() };
};

describe('the health page', () => {
  test('is ready although destinations are down or denied, and names them', async () => {
    const { status, text } = await get(`${await serve(async () => sound)}/readyz`);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      ready: true,
      problems: [],
      destinations: [{ name: 'cloudwatch', condition: { state: 'retrying' }, lagLines: 3 }],
      denied: [{ name: 'loggly', reason: 'LOGGLY_TOKEN is not set' }],
    });
  });

  test('is not ready when nothing is read, or what is delivered can not be remembered', async () => {
    const failing = { ...sound, destinations: [{ ...destination, checkpointProblem: 'ENOSPC' }] };
    const { status, text } = await get(
      `${await serve(async () => ({ ...failing, sourceProblem: 'gone' }))}/readyz?verbose=1`,
    );
    expect(status).toBe(503);
    expect(JSON.parse(text).problems).toEqual([
      "source can't be read: gone",
      "checkpoint of cloudwatch can't be saved: ENOSPC",
    ]);
  });

  test('gives Prometheus the figures of each destination, of the denied ones their state', async () => {
    const { text } = await get(`${await serve(async () => sound)}/metrics`);
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'sluice_lines_read_total{source="journald"} 9',
        'sluice_lines_delivered_total{destination="cloudwatch"} 5',
        'sluice_lines_dropped_total{destination="cloudwatch",reason="rejected"} 1',
        'sluice_lines_pending{destination="cloudwatch"} 3',
        'sluice_lines_originated_total{destination="cloudwatch"} 4',
        'sluice_lines_lost_total{destination="cloudwatch",reason="journal gap"} 4',
        'sluice_bytes_billed_total{destination="cloudwatch"} 700',
        'sluice_lag_seconds{destination="cloudwatch"} 1.5',
        'sluice_destination_state{destination="cloudwatch",state="retrying"} 1',
        'sluice_destination_state{destination="loggly",state="denied"} 1',
      ]),
    );
  });

  test('answers only what it has, and changes nothing', async () => {
    const url = await serve(async () => sound);
    expect(await get(`${url}/healthz`)).toEqual({ status: 200, text: '{\n  "status": "ok"\n}\n' });
    expect(await get(`${url}/healthz`, 'HEAD')).toEqual({ status: 200, text: '' });
    expect(await get(`${url}/`)).toMatchObject({ status: 200, text: expect.stringContaining('/metrics') });
    for (const path of ['/nothing', '/__proto__', '/constructor', '//healthz', '/../readyz/..%2f'])
      expect((await get(url + path)).status).toBe(404);
    expect((await get(`${url}/readyz`, 'POST')).status).toBe(405);
  });

  test('says so when the figures can not be had', async () => {
    const url = await serve(() => Promise.reject(new Error('no figures')));
    expect(await get(`${url}/readyz`)).toEqual({ status: 500, text: 'no figures\n' });
  });

  test('closes with connections open, and twice', async () => {
    const { port } = new URL(await serve(async () => sound));
    const idle = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    await server?.close();
    await expect(Promise.all([server?.close(), closed])).resolves.toHaveLength(2);
  });

  test('names who is in the way of its port', async () => {
    const { port } = new URL(await serve(async () => sound));
    const second = startAdminServer({
      host: '127.0.0.1',
      port: Number(port),
      status: async () => sound,
      now: () => nowMs,
    });
    const error = await second.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(describeListenError(error, '127.0.0.1', Number(port))).toBe(
      `127.0.0.1:${port} is in use by another program; change "admin: { listen: ... }"`,
    );
  });
});
