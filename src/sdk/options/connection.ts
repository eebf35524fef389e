import { z } from 'zod';
import { duration } from '../../event/duration.ts';

/** Options that every adapter with a network takes. */
export const connectionOptions = {
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("base URL instead of the service's own"),
  timeout: duration().prefault('30s').describe('how long one request may take'),
  proxy: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('HTTP proxy; default: HTTPS_PROXY and NO_PROXY of the environment'),
  tls: z
    .strictObject({
      ca_file: z.string().optional().describe("PEM file of certificate authorities to trust instead of the system's"),
      cert_file: z.string().optional().describe('PEM file of a client certificate'),
      key_file: z.string().optional().describe("PEM file of the client certificate's key"),
    })
    .optional()
    .describe('certificates are always verified'),
};

const connectionSchema = z.object(connectionOptions);

/** What {@link connectionOptions} parse to. */
export type ConnectionOptions = z.infer<typeof connectionSchema>;
