import { z } from 'zod';
import type { CloudIdentity } from './cloud-identity.ts';
import { requestLocally } from './local-request.ts';

// EC2 user guide, "Instance identity documents"
const identityDocument = z.object({
  instanceId: z.string().regex(/^i-[0-9a-f]{8,17}$/),
  region: z.string().regex(/^[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/),
  accountId: z.string().regex(/^\d{12}$/),
});

/** Long enough for the one request that follows. */
const tokenSeconds = '60';

/**
 * Asks EC2's instance metadata service, version 2 (with a session token), who this instance is.
 *
 * @throws {Error} when it does not answer in time, refuses, or answers something else.
 */
export const readInstanceMetadata = async (
  endpoint: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<CloudIdentity> => {
  const token = await requestLocally({
    url: `${endpoint}/latest/api/token`,
    method: 'PUT',
    headers: { 'X-aws-ec2-metadata-token-ttl-seconds': tokenSeconds },
    timeoutMs,
    signal,
  });
  const text = await requestLocally({
    url: `${endpoint}/latest/dynamic/instance-identity/document`,
    method: 'GET',
    headers: { 'X-aws-ec2-metadata-token': token.trim() },
    timeoutMs,
    signal,
  });
  const { instanceId, region, accountId } = identityDocument.parse(JSON.parse(text));
  return { instance: instanceId, region, account: accountId };
};
