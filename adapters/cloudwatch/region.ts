import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { AdapterContext } from '#sdk';
import { withDeadline } from './deadline.ts';
import type { CloudwatchOptions } from './options.ts';

/** A link-local service answers at once or is not there. */
const metadataTimeoutMs = 1000;
const metadataEndpoint = 'http://169.254.169.254';
/** The shortest life that lets a slow instance use the token (EC2 user guide, "Use IMDSv2"). */
const tokenSeconds = '60';

/** The region of a profile of the shared AWS configuration, by the SDK's own reading of it. */
const regionOfProfile = async (profile: string | undefined): Promise<string | undefined> => {
  const client = new CloudWatchLogsClient({ ...(profile !== undefined && { profile }) });
  try {
    return await client.config.region();
  } catch {
    // "Region is missing": the answer to the question, not a failure.
    return undefined;
  } finally {
    client.destroy();
  }
};

const readText = async (response: Response): Promise<string> => {
  const text = await response.text();
  if (!response.ok) throw new Error(`instance metadata answered HTTP ${response.status}`);
  return text.trim();
};

/** The region of this EC2 instance, by IMDSv2; undefined where there is no such service. */
const regionOfInstance = async (context: AdapterContext, signal: AbortSignal): Promise<string | undefined> => {
  const { environment, clock, logger } = context;
  if (environment['AWS_EC2_METADATA_DISABLED'] === 'true') return undefined;
  const base = environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? metadataEndpoint;
  const ask = async (within: AbortSignal) => {
    const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': tokenSeconds };
    const token = await readText(
      await fetch(new URL('/latest/api/token', base), { method: 'PUT', headers: ttl, signal: within }),
    );
    const headers = { 'x-aws-ec2-metadata-token': token };
    return readText(await fetch(new URL('/latest/meta-data/placement/region', base), { headers, signal: within }));
  };
  try {
    return await withDeadline(ask, metadataTimeoutMs, clock, signal);
  } catch (error) {
    logger.debug({ err: error }, 'no region from instance metadata');
    return undefined;
  }
};

const isNamed = (region: string | undefined): region is string => region !== undefined && region !== '';

/**
 * The region to ship to: the option, AWS_REGION, AWS_DEFAULT_REGION, the profile's, the instance's.
 *
 * @throws {Error} when none of them says, with the remedy.
 */
export const resolveRegion = async (
  options: CloudwatchOptions,
  context: AdapterContext,
  signal: AbortSignal,
): Promise<string> => {
  const { environment } = context;
  const named = [options.region, environment['AWS_REGION'], environment['AWS_DEFAULT_REGION']].find(isNamed);
  const region = named ?? (await regionOfProfile(options.profile)) ?? (await regionOfInstance(context, signal));
  if (isNamed(region)) return region;
  throw new Error(
    'no AWS region found: set the option "region" or AWS_REGION (looked in AWS_REGION, AWS_DEFAULT_REGION, the shared AWS configuration and the instance metadata)',
  );
};
