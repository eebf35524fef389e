import { describe, expect, test } from '@jest/globals';
import type { AgentStatus, DestinationStatus } from '../pipeline/status.ts';
import { concernsOf, readinessOf } from './health.ts';

const nowMs = 1_795_326_000_000;
const minute = 60_000;

const destination: DestinationStatus = {
  name: 'loggly',
  type: 'loggly',
  condition: { state: 'retrying', reason: 'HTTP 503' },
  balance: { read: 9, delivered: 6, uncertain: 0, dropped: {}, droppedTotal: 0, pending: 3, lost: {} },
  unexplained: 0,
  parked: [],
  parkedKeys: 0,
  parkedLines: 0,
  resent: 0,
  originated: 0,
  billedBytes: 0,
  lagSeconds: 1,
  stalledSeconds: 299,
};

const sound: AgentStatus = {
  source: {
    name: 'journald',
    description: 'journal of this host',
    warnings: [],
    gapDetection: { state: 'on', rewound: undefined },
  },
  startedMs: nowMs - 60 * minute,
  recordsRead: 9,
  bytesRead: 900,
  feeds: 1,
  reader: { state: 'reading', soundAtMs: nowMs - 4 * minute },
  windowBytes: 10,
  destinations: [destination],
  denied: [],
  replays: [],
};

describe('readiness', () => {
  test('is given while a destination is down for a while', () => {
    expect(readinessOf(sound, nowMs)).toEqual({ ready: true, problems: [] });
  });

  test('fails when a destination makes no progress for five minutes while lines wait', () => {
    const stalled = { ...sound, destinations: [{ ...destination, stalledSeconds: 300 }] };
    expect(readinessOf(stalled, nowMs).problems).toEqual([
      'loggly has made no progress for 5 min while lines wait: HTTP 503',
    ]);
  });

  test('fails when the journal grows and the reader stands still', () => {
    const silent = { ...sound, reader: { state: 'standing still', soundAtMs: nowMs - 6 * minute } } as const;
    expect(readinessOf(silent, nowMs).problems).toEqual(['the source grows and nothing has been read of it for 6 min']);
  });

  test('fails when rights hide journals', () => {
    const hidden = { ...sound, source: { ...sound.source, hidden: { readable: 1, total: 3 } } };
    expect(readinessOf(hidden, nowMs).problems).toEqual([
      'rights hide a part of the source: 1 of 3 journals can be read',
    ]);
  });

  test('fails when the source can not be looked at any more', () => {
    const unseen = { ...sound, source: { ...sound.source, checkProblem: 'no right to read /var/log/journal' } };
    expect(readinessOf(unseen, nowMs).problems).toEqual([
      "the source can't be checked: no right to read /var/log/journal",
    ]);
  });

  test('fails for a destination that can not be started, after the same five minutes', () => {
    const denied = { ...sound, denied: [{ name: 'logdna', reason: 'KEY is not set' }] };
    expect(readinessOf(denied, nowMs).problems).toEqual(['logdna ships nothing: KEY is not set']);
    expect(readinessOf({ ...denied, startedMs: nowMs - minute }, nowMs).ready).toBe(true);
  });
});

describe('what a person should look at', () => {
  test('is nothing while all is well, a destination that is down for a moment included', () => {
    expect(concernsOf(sound, nowMs)).toEqual([]);
  });

  test('is what max_backlog is about to drop', () => {
    const waiting = { ...destination, waitsSinceMs: nowMs - 49 * minute, maxBacklogSeconds: 3600 };
    expect(concernsOf({ ...sound, destinations: [waiting] }, nowMs)).toEqual([
      'loggly: the oldest line has waited for 49 min, and max_backlog drops what waits longer than 60 min',
    ]);
    expect(readinessOf({ ...sound, destinations: [waiting] }, nowMs).ready).toBe(true);
    const early = { ...waiting, waitsSinceMs: nowMs - 47 * minute };
    expect(concernsOf({ ...sound, destinations: [early] }, nowMs)).toEqual([]);
  });

  test('is what is denied at once, what is unexplained, and what makes it unready, each once', () => {
    const refused = { ...destination, condition: { state: 'denied', reason: 'HTTP 403' } } as const;
    const status: AgentStatus = {
      ...sound,
      sourceProblem: 'gone',
      destinations: [refused, { ...refused, name: 'stalled', stalledSeconds: 600 }, { ...destination, unexplained: 2 }],
      denied: [{ name: 'logdna', reason: 'KEY is not set' }],
    };
    expect(concernsOf(status, nowMs)).toEqual([
      "source can't be read: gone",
      'stalled has made no progress for 10 min while lines wait: HTTP 403',
      'logdna ships nothing: KEY is not set',
      'loggly denies us: HTTP 403',
      'loggly: 2 lines are unexplained, which is a bug of sluice',
    ]);
  });
});
