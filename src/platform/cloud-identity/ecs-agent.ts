import { z } from 'zod';
import type { CloudIdentity } from './cloud-identity.ts';
import { requestLocally } from './local-request.ts';

// ECS developer guide, "Container introspection": a name, or the ARN that ends in it
const agentMetadata = z.object({ Cluster: z.string().regex(/^(?:arn:[\w:-]{1,100}\/)?[\w-]{1,255}$/) });

/**
 * Asks the ECS agent of this host which cluster it belongs to.
 *
 * @throws {Error} when it does not answer in time or answers something else.
 */
export const readEcsAgent = async (
  endpoint: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CloudIdentity> => {
  const text = await requestLocally({ url: `${endpoint}/v1/metadata`, method: 'GET', timeoutMs, signal });
  const { Cluster: cluster } = agentMetadata.parse(JSON.parse(text));
  return { cluster: cluster.slice(cluster.lastIndexOf('/') + 1) };
};
