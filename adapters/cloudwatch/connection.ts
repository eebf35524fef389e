import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createHttpAgents, messageOf, type AdapterContext, type HttpAgents } from '#sdk';
import { createCredentials } from './credentials.ts';
import { withDeadline } from './deadline.ts';
import { parseFailure } from './failure.ts';
import type { CloudwatchOptions } from './options.ts';
import { resolveRegion } from './region.ts';

/** An unreachable host is known sooner than by the timeout of a whole request. */
const connectTimeoutMs = 5_000;

/** The destination can't be spoken to as it is configured; waiting may heal it, as when a file appears. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

interface Wire {
  readonly region: string;
  readonly agents: HttpAgents;
  readonly requestHandler: NodeHttpHandler;
}

/** Does one call with a client, within a signal. */
export type Call<Output> = (client: CloudWatchLogsClient, options: { abortSignal: AbortSignal }) => Promise<Output>;

/** One destination's way to the service: made on first use, and with new credentials after they were refused. */
export class Connection {
  readonly #options: CloudwatchOptions;
  readonly #context: AdapterContext;
  readonly #closing = new AbortController();
  #wire: Promise<Wire> | undefined;
  #client: CloudWatchLogsClient | undefined;

  constructor(options: CloudwatchOptions, context: AdapterContext) {
    this.#options = options;
    this.#context = context;
  }

  /**
   * Performs a call, once; twice where the first was refused for its credentials or its date, because rotated credentials
   * and a corrected clock heal at once.
   *
   * @throws {Error} of the SDK, or {@link ConfigurationError}.
   */
  async call<Output>(perform: Call<Output>, signal: AbortSignal): Promise<Output> {
    const { timeout } = this.#options;
    const within = async (abortSignal: AbortSignal): Promise<Output> => {
      const client = await this.#connect();
      try {
        return await perform(client, { abortSignal });
      } catch (error) {
        if (!this.#mayHeal(client, error)) throw error;
        return await perform(await this.#connect(), { abortSignal });
      }
    };
    return withDeadline(within, timeout, this.#context.clock, signal);
  }

  close(): void {
    this.#closing.abort();
    // What failed to be made needs no closing.
    void this.#wire?.then(
      ({ agents }) => agents.close(),
      () => undefined,
    );
  }

  /** Whether the same call may succeed at once after `error`. Calls that failed together share one new client. */
  #mayHeal(used: CloudWatchLogsClient, error: unknown): boolean {
    const { kind } = parseFailure(error, this.#context.clock.now());
    // The SDK has learned the service's time from this very answer, and only this client knows it.
    if (kind === 'clock') return true;
    if (kind !== 'credentials') return false;
    if (this.#client === used) this.#client = undefined;
    return true;
  }

  async #connect(): Promise<CloudWatchLogsClient> {
    this.#wire ??= this.#lay().catch((error: unknown) => {
      this.#wire = undefined;
      throw new ConfigurationError(messageOf(error));
    });
    const wire = await this.#wire;
    this.#client ??= this.#createClient(wire);
    return this.#client;
  }

  async #lay(): Promise<Wire> {
    const region = await resolveRegion(this.#options, this.#context, this.#closing.signal);
    const agents = createHttpAgents(this.#options, this.#context.environment);
    const { httpAgent, httpsAgent } = agents;
    const requestHandler = new NodeHttpHandler({ httpAgent, httpsAgent, connectionTimeout: connectTimeoutMs });
    return { region, agents, requestHandler };
  }

  #createClient({ region, requestHandler }: Wire): CloudWatchLogsClient {
    const { endpoint, fips, dualstack } = this.#options;
    return new CloudWatchLogsClient({
      region,
      requestHandler,
      credentials: createCredentials(this.#options, region, requestHandler),
      // Retries are the lane's: it knows the order, the deadline and the other batches.
      maxAttempts: 1,
      retryMode: 'standard',
      ...(endpoint !== undefined && { endpoint }),
      ...(fips !== undefined && { useFipsEndpoint: fips }),
      ...(dualstack !== undefined && { useDualstackEndpoint: dualstack }),
    });
  }
}
