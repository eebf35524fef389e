import type { CloudWatchLogsClientConfig } from '@aws-sdk/client-cloudwatch-logs';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CloudwatchOptions } from './options.ts';

type Credentials = NonNullable<CloudWatchLogsClientConfig['credentials']>;

/**
 * The usual AWS chain (environment, profile, web identity, container, instance), of which a role may be assumed. Nothing is
 * looked up before the first call; files are read anew, so that credentials that were renewed there are found.
 */
export const createCredentials = (
  options: CloudwatchOptions,
  region: string,
  requestHandler: NodeHttpHandler,
): Credentials => {
  const clientConfig = { region, requestHandler, maxAttempts: 1 };
  const found = fromNodeProviderChain({
    ...(options.profile !== undefined && { profile: options.profile }),
    ignoreCache: true,
    clientConfig,
  });
  const role = options.assume_role;
  if (role === undefined) return found;
  return fromTemporaryCredentials({
    masterCredentials: found,
    params: {
      RoleArn: role.arn,
      RoleSessionName: role.session_name,
      ...(role.external_id !== undefined && { ExternalId: role.external_id }),
    },
    clientConfig,
  });
};
