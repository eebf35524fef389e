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
  const tls = options.tls ?? {};
  const common = { keepAlive: true, timeout: idleTimeoutMs, proxyEnv };
  const httpAgent = new HttpAgent(common);
  const httpsAgent = new HttpsAgent({
    ...common,
    ...(tls.ca_file !== undefined && { ca: readFileSync(tls.ca_file) }),
    ...(tls.cert_file !== undefined && { cert: readFileSync(tls.cert_file) }),
    ...(tls.key_file !== undefined && { key: readFileSync(tls.key_file) }),
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
