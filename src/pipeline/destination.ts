import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointStore } from '../checkpoint/store.ts';
import type { DestinationConfig } from '../config/config.ts';
import { letterPlace } from '../dead-letters/read-letters.ts';
import type { QueueRoom } from '../dead-letters/queue-room.ts';
import { DeadLetterStore } from '../dead-letters/store.ts';
import type { DestinationCondition } from '../delivery/dispatcher.ts';
import { Lane } from '../delivery/lane.ts';
import type { LaneSettings } from '../delivery/lane-settings.ts';
import type { Starts } from '../delivery/parked-key.ts';
import { RecordSet } from '../delivery/record-set.ts';
import { isLineField } from '../event/record.ts';
import type { ShardStart, ShardState } from '../delivery/shard-progress.ts';
import type { Skip } from '../delivery/skips.ts';
import type { Track } from '../delivery/track.ts';
import { Account } from '../ledger/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { Logger } from '../sdk/logger.ts';
import type { BatchLimits } from '../sdk/batch.ts';
import { startTimeUs } from '../sdk/options/start.ts';
import type { Source, Start, StartPoint } from '../sdk/source.ts';
import { CheckpointSaver } from './checkpoint-saver.ts';
import { DeliveryMeter } from './delivery-meter.ts';
import { createLetterKeeper } from './letter-keeper.ts';
import { createRefusalLog } from './refusal-log.ts';
import { rekey } from './rekey.ts';
import { templateFields, templatesIn } from './templates.ts';

/** A destination that ships. */
export interface RunningDestination {
  readonly kind: 'running';
  readonly name: string;
  readonly type: string;
  /** The adapter's own, as it was made with them. */
  readonly options: ReadyConfig['options'];
  readonly settings: LaneSettings;
  readonly lane: Lane;
  readonly letters: DeadLetterStore;
  readonly account: Account;
  readonly saver: CheckpointSaver;
  readonly meter: DeliveryMeter;
  /** How long it may take to empty itself at the end, in milliseconds. */
  readonly drainMs: number;
}

/** A destination that can't ship until the configuration is mended; its lines wait in the journal. */
export interface DeniedDestination {
  readonly kind: 'denied';
  readonly name: string;
  readonly condition: DestinationCondition;
}

export type Destination = RunningDestination | DeniedDestination;

/** What all destinations of an agent share. */
export interface DestinationContext {
  /** The state directory. */
  readonly state: string;
  readonly store: CheckpointStore;
  readonly source: Source;
  /** Turns a configured start into a point; equal starts give the same point. */
  readonly resolveStart: (start: Start) => Promise<ReadonlyMap<string, StartPoint>>;
  /** Where the destination begins when it has no checkpoint. */
  readonly start: Start;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: (component: string) => Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  /** Most bytes of events that one lane holds. */
  readonly laneBytes: number;
  /** Where dead letters wait for the disk. */
  readonly letterRoom: QueueRoom;
  readonly onRoom: (track: Track) => void;
  readonly onTrackOpened: (track: Track) => void;
  readonly onTrackClosed: (track: Track) => void;
}

export type ReadyConfig = DestinationConfig & { status: 'ready' };

/** How long a lane may take to empty itself at the end, unless configured; below TimeoutStopSec of the shipped unit. */
const defaultDrainMs = 10_000;
/**
 * A send may be two requests with a creation between them. Over the adapter's own timeouts, so that the adapter's better
 * reason is the one that is seen.
 */
const requestsPerSend = 2;
const deadlineMarginMs = 5000;
const defaultDeadlineMs = 120_000;

const deadlineOf = (options: ReadyConfig['options']): number => {
  const timeoutMs = options['timeout'];
  return typeof timeoutMs === 'number' ? timeoutMs * requestsPerSend + deadlineMarginMs : defaultDeadlineMs;
};

const limitsOf = ({ adapter, options, lane }: ReadyConfig): BatchLimits => {
  const limits = adapter.limits(options);
  const { maxBytes = limits.maxBytes, maxEvents = limits.maxEvents } = lane.batch;
  const { overheadPerBatch, overheadPerEvent } = limits;
  return {
    ...limits,
    maxBytes: Math.min(limits.maxBytes, maxBytes),
    maxEvents: Math.min(limits.maxEvents, maxEvents),
    // One event must fit a batch of its own.
    maxEventBytes: Math.min(limits.maxEventBytes, maxBytes - overheadPerBatch - overheadPerEvent),
  };
};

/** How a destination's lane batches and sends, with so many bytes to hold. */
export const settingsOf = (config: ReadyConfig, laneBytes: number): LaneSettings => ({
  limits: limitsOf(config),
  window: config.adapter.window(config.options),
  outsideWindow: config.lane.outsideWindow,
  maxAgeMs: config.lane.batch.maxAgeMs,
  concurrency: config.lane.concurrency,
  deadlineMs: deadlineOf(config.options),
  maxHeldBytes: laneBytes,
  maxBacklogMs: config.lane.maxBacklogMs,
  announces: config.lane.notices,
  keepsEvents: templateFields(config.options).some((name) => name !== 'MESSAGE' && isLineField(name)),
});

const underTheseKeys = (checkpoint: Checkpoint, source: string, keyedBy: string, logger: Logger): Checkpoint => {
  if (checkpoint.keyedBy === keyedBy || checkpoint.parked.length === 0) return checkpoint;
  const message = 'templates have changed while keys were set aside: lines since then are sent again';
  logger.warn({ parked: checkpoint.parked.length }, message);
  return rekey(checkpoint, source, keyedBy);
};

const startOf = ([shard, { resume, settled }]: [string, ShardState]): [string, ShardStart] => [
  shard,
  { resume, settled: RecordSet.decode(settled) },
];

/** What came while a destination was off is read, and counted as given up, up to where it is to begin. */
const untilStart = ({ start, clock }: DestinationContext): readonly Skip[] => {
  const untilUs = startTimeUs(start, clock.now());
  return untilUs === undefined ? [] : [{ untilUs, reason: 'disabled by operator' }];
};

const beginAnew = async ({ resolveStart, start }: DestinationContext): Promise<Starts> => {
  const points = await resolveStart(start);
  return new Map(Array.from(points, ([shard, resume]) => [shard, { resume, settled: new RecordSet() }]));
};

/** What a sender is made of, besides its destination's configuration. */
export interface SenderContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly host: string;
}

/**
 * Loads a destination's adapter and makes a sender.
 *
 * @throws what the adapter says when it can't be made (a certificate file that is missing).
 */
export const loadSender = async (
  { name, adapter, options, lane }: ReadyConfig,
  { clock, logger, environment, host }: SenderContext,
): Promise<Sender> => {
  const module = await adapter.load();
  return module.createSender(options, {
    destination: name,
    host,
    encoding: lane.encoding,
    logger,
    clock,
    environment,
  });
};

/**
 * Builds one destination from where its checkpoint stands.
 *
 * @throws {StateError} when its checkpoint is of a newer version or can't be read.
 * @throws what {@link loadSender} throws.
 */
export const createDestination = async (
  config: ReadyConfig,
  context: DestinationContext,
): Promise<RunningDestination> => {
  const { store, source, clock, random, environment, host } = context;
  const { name, adapter, options } = config;
  const logger = context.logger(name);
  const loaded = await store.load(name);
  if (loaded.kind === 'set aside') {
    logger.error({ movedTo: loaded.movedTo }, `checkpoint set aside, beginning anew: ${loaded.reason}`);
  }
  const keyedBy = templatesIn(options)
    .map(({ text }) => text)
    .join('\n');
  const saved =
    loaded.kind === 'found' || loaded.kind === 'dormant'
      ? underTheseKeys(loaded.checkpoint, source.name, keyedBy, logger)
      : undefined;
  const isNotToCatchUp = loaded.kind === 'dormant' && !config.lane.resume;
  const shards = saved?.cursors[source.name];
  const starts = shards === undefined ? await beginAnew(context) : new Map(Object.entries(shards).map(startOf));

  const meter = new DeliveryMeter(clock);
  const sender = meter.watch(await loadSender(config, { clock, logger, environment, host }));
  const letters = await DeadLetterStore.open({
    ...letterPlace(context.state, name),
    maxBytes: config.lane.deadLetters.maxBytes,
    fieldNames: templateFields(options),
    room: context.letterRoom,
    clock,
    logger,
  });
  const keepLetters = createLetterKeeper(letters);
  const sayRefused = createRefusalLog(logger, clock);
  const account = new Account(saved?.services ?? []);
  const settings = settingsOf(config, context.laneBytes);
  const lane = new Lane({
    name,
    host,
    sender,
    settings,
    account,
    clock,
    random,
    logger,
    starts,
    parked: saved?.parked ?? [],
    skips: [...(saved?.skips ?? []), ...(isNotToCatchUp ? untilStart(context) : [])],
    onRoom: context.onRoom,
    onTrackOpened: context.onTrackOpened,
    onTrackClosed: context.onTrackClosed,
    onRefused: (...refused) => {
      sayRefused(...refused);
      keepLetters(...refused);
    },
  });
  const saver = new CheckpointSaver({ store, lane, account, source: source.name, keyedBy, clock, logger });
  const drainMs = config.lane.drainMs ?? defaultDrainMs;
  const kind = 'running';
  return { kind, name, type: adapter.name, options, settings, lane, letters, account, saver, meter, drainMs };
};
