import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ConnectionOptions } from '../options/connection.ts';

/** Connection pools of one destination, for any HTTP client that takes Node's agents. */
export interface HttpAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** Closes idle connections. May be called twice. */
  close(): void;
}

/** Idle connections are dropped before the usual load balancer does so (AWS ALB idle timeout: 60 s). */
const idleTimeoutMs = 50_000;

const read = (path: string | undefined) => (path === undefined ? {} : readFileSync(path));

/**
 * Agents that keep connections alive, verify certificates and go through the configured or the environment's proxy.
 *
 * @throws {Error} when a certificate file can't be read.
 */
export const createHttpAgents = (
  options: ConnectionOptions,
  environment: Readonly<Record<string, string | undefined>>,
): HttpAgents => {
  const proxyEnv =
    options.proxy === undefined ? environment : { HTTP_PROXY: options.proxy, HTTPS_PROXY: options.proxy };
  const common = { keepAlive: true, timeout: idleTimeoutMs, proxyEnv };
  const httpAgent = new HttpAgent(common);
  const httpsAgent = new HttpsAgent({
    ...common,
    ...(options.tls?.ca_file === undefined ? {} : { ca: read(options.tls.ca_file) as Buffer }),
    ...(options.tls?.cert_file === undefined ? {} : { cert: read(options.tls.cert_file) as Buffer }),
    ...(options.tls?.key_file === undefined ? {} : { key: read(options.tls.key_file) as Buffer }),
  });
  return {
    httpAgent,
    httpsAgent,
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
};
