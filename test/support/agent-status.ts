import type { ReplayProgress } from '../../src/pipeline/replay/replay-report.ts';
import type { AgentStatus, DestinationStatus } from '../../src/pipeline/status.ts';

/** When every built status was asked for, in milliseconds since the epoch. */
export const statusTimeMs = 1_795_326_000_000;

/** A sound destination. */
export const destinationStatusOf = (overrides: Partial<DestinationStatus> = {}): DestinationStatus => ({
  name: 'cloudwatch',
  type: 'cloudwatch',
  condition: { state: 'ok', reason: '' },
  conditionSinceMs: statusTimeMs - 7_500_000,
  balance: {
    read: 9000,
    delivered: 8000,
    uncertain: 0,
    dropped: { 'not routed': 955 },
    droppedTotal: 955,
    pending: 45,
    lost: {},
  },
  unexplained: 0,
  parked: [],
  parkedKeys: 0,
  parkedLines: 0,
  resent: 2,
  originated: 1,
  billedBytes: 700_000,
  lagLines: 45,
  lagSeconds: 1.5,
  linesPerSecond: 1234.5,
  requests: 80,
  retries: 3,
  lastAnswer: { atMs: statusTimeMs - 3000, text: 'took 500 lines' },
  stalledSeconds: 0,
  ...overrides,
});

/** Half of a replay. */
export const replayProgressOf = (overrides: Partial<ReplayProgress['plan']> = {}): ReplayProgress => ({
  plan: {
    destination: 'loggly',
    sinceMs: 0,
    untilMs: 1,
    linesPerSecond: 1000,
    dryRun: false,
    notices: [],
    ...overrides,
  },
  startedMs: 0,
  read: 20,
  delivered: 10,
  uncertain: 0,
  dropped: {},
  pending: 10,
  passedOver: 0,
  condition: { state: 'ok', reason: '' },
  parkedKeys: 0,
  share: 0.5,
  secondsLeft: 3,
});

/** A sound agent with one destination. */
export const agentStatusOf = (overrides: Partial<AgentStatus> = {}): AgentStatus => ({
  source: {
    name: 'journald',
    description: 'journal of this host (/var/log/journal, /run/log/journal)',
    warnings: [],
    gapDetection: { state: 'on', rewound: undefined },
  },
  startedMs: statusTimeMs - 7_500_000,
  recordsRead: 9000,
  bytesRead: 4_500_000,
  feeds: 1,
  reader: { state: 'reading', soundAtMs: statusTimeMs },
  windowBytes: 4_000_000,
  memory: { usedBytes: 5_000_000, budgetBytes: 128 * 1024 * 1024 },
  routing: 'container=* to cloudwatch, loggly; level>=warn to cloudwatch; all else nowhere',
  destinations: [destinationStatusOf()],
  denied: [],
  replays: [],
  ...overrides,
});
