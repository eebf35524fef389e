import {
  isEmbeddedMetric,
  originText,
  type AdapterContext,
  type Batch,
  type EncodableEvent,
  type LogEvent,
  type Sender,
  type SendResult,
} from '#sdk';
import { classifyCreation, classifyPut } from './classify.ts';
import { Connection } from './connection.ts';
import { CreateTargets } from './create-targets.ts';
import { parseFailure, type Failure } from './failure.ts';
import { fromKey, toGroupName, toKey, toStreamName, type Target } from './names.ts';
import type { CloudwatchOptions } from './options.ts';
import { createPutCommand } from './put-command.ts';
import { buildRequest, readAnswer, type PutRequest } from './request.ts';

type PutOutcome = { readonly result: SendResult } | { readonly failure: Failure };

class CloudwatchSender implements Sender {
  readonly #options: CloudwatchOptions;
  readonly #context: AdapterContext;
  readonly #connection: Connection;
  readonly #targets: CreateTargets;
  readonly #keyOf: (event: LogEvent) => string;

  constructor(options: CloudwatchOptions, context: AdapterContext) {
    this.#options = options;
    this.#context = context;
    this.#connection = new Connection(options, context);
    this.#targets = new CreateTargets(options, context, this.#connection);
    const { group, stream } = options;
    this.#keyOf = originText([group, stream], (event) =>
      toKey({ group: toGroupName(group.render(event)), stream: toStreamName(stream.render(event)) }),
    );
  }

  batchKey({ event }: EncodableEvent): string {
    return this.#keyOf(event);
  }

  encode(item: EncodableEvent): string | undefined {
    const text = isEmbeddedMetric(item.event) ? item.event.raw : item.text(this.#context.encoding);
    return text === '' ? undefined : text.toWellFormed();
  }

  async send(batch: Batch, signal: AbortSignal): Promise<SendResult> {
    try {
      return await this.#send(batch, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return { status: 'retry', scope: 'destination', reason: 'stopped before the service answered' };
    }
  }

  close(): Promise<void> {
    this.#targets.close();
    this.#connection.close();
    return Promise.resolve();
  }

  async #send(batch: Batch, signal: AbortSignal): Promise<SendResult> {
    const target = fromKey(batch.key);
    const request = buildRequest(target, batch.entries);
    const first = await this.#put(request, signal);
    if ('result' in first) return first.result;
    if (first.failure.kind !== 'missing') return classifyPut(first.failure);
    if (this.#options.create === 'nothing') return classifyCreation(notCreated(target, first.failure));
    const obstacle = await this.#targets.ensure(target, signal);
    if (obstacle !== undefined) return obstacle;
    const second = await this.#put(request, signal);
    return 'result' in second ? second.result : classifyPut(second.failure);
  }

  async #put(request: PutRequest, signal: AbortSignal): Promise<PutOutcome> {
    const command = createPutCommand(request);
    try {
      const answer = await this.#connection.call((client, within) => client.send(command, within), signal);
      if (!isFromService(answer.$metadata)) return { result: notTheService };
      return { result: readAnswer(request, answer.rejectedLogEventsInfo) };
    } catch (error) {
      if (signal.aborted) throw error;
      return { failure: parseFailure(error, this.#context.clock.now()) };
    }
  }
}

/** What a proxy or another server answers may parse as success; only the service itself gives a request id. */
const isFromService = ({ httpStatusCode, requestId }: ResponseMetadata): boolean =>
  httpStatusCode === 200 && requestId !== undefined;

const notTheService: SendResult = {
  status: 'retry',
  scope: 'destination',
  reason: 'the answer is not one of CloudWatch Logs; is there a proxy, or another server at the endpoint?',
};

interface ResponseMetadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
}

const notCreated = ({ group, stream }: Target, failure: Failure): Failure => ({
  ...failure,
  reason: `${group}/${stream} is not created ("create: nothing"): ${failure.reason}`,
});

/** Makes the sender of one destination; nothing is looked up or connected to before its first batch. */
export const createSender = (options: CloudwatchOptions, context: AdapterContext): Sender =>
  new CloudwatchSender(options, context);
