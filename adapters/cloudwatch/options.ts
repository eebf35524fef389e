import { z } from 'zod';
import { connectionOptions, duration, size, template } from '#sdk';
import { defaultMaxEvent, largestEventBytes, maxTags, retentionDays } from './limits.ts';

const dayMs = 86_400_000;
const smallestEventBytes = 1024;

const retention = duration().refine((ms) => retentionDays.includes(ms / dayMs), {
  error: `CloudWatch Logs takes only these retentions: ${retentionDays.map((days) => `${days}d`).join(', ')}`,
});

const maxEvent = size().refine((bytes) => bytes >= smallestEventBytes && bytes <= largestEventBytes, {
  error: `must lie between ${smallestEventBytes}B and ${largestEventBytes}B`,
});

const assumeRole = z.strictObject({
  arn: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:role\/\S+$/, 'expected the ARN of a role, as arn:aws:iam::123456789012:role/logs')
    .describe('ARN of the role'),
  external_id: z
    .string()
    .min(2)
    .max(1224)
    .optional()
    .describe("what the role's trust policy asks for as sts:ExternalId"),
  session_name: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/, 'expected 2 to 64 letters, digits or _+=,.@-')
    .default('sluice')
    .describe('how CloudTrail names the session'),
});

const shape = {
  group: template().prefault('{{service}}').describe('log group; characters that no name may have are replaced'),
  stream: template().prefault('{{stream}}').describe('log stream; ":" and "*" become "/"'),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, 'expected a region, as eu-west-1')
    .optional()
    .describe("default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, the instance's"),
  create: z
    .enum(['groups_and_streams', 'streams', 'nothing'])
    .default('groups_and_streams')
    .describe('what is created when it does not exist'),
  retention: retention
    .optional()
    .describe('of the groups we create; existing ones are never altered; default: for ever'),
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= maxTags, { error: `a log group has at most ${maxTags} tags` })
    .optional()
    .describe('of the groups we create'),
  class: z
    .enum(['standard', 'infrequent_access', 'essentials'])
    .optional()
    .describe("of the groups we create; it can't be changed later; default: standard"),
  kms_key: z.string().min(1).max(256).optional().describe('ARN of the KMS key that encrypts the groups we create'),
  profile: z.string().min(1).optional().describe('profile of the shared AWS configuration; default: AWS_PROFILE'),
  assume_role: assumeRole.optional().describe('role to assume with the credentials found'),
  fips: z.boolean().optional().describe('use the FIPS endpoint; default: AWS_USE_FIPS_ENDPOINT'),
  dualstack: z
    .boolean()
    .optional()
    .describe('use the endpoint that speaks IPv6 too; default: AWS_USE_DUALSTACK_ENDPOINT'),
  max_event: maxEvent.prefault(defaultMaxEvent).describe('a larger event is sent in parts'),
  ...connectionOptions,
};

const ofNewGroups = ['retention', 'tags', 'class', 'kms_key'] as const;
const ofAwsEndpoints = ['fips', 'dualstack'] as const;

/** Options of a `cloudwatch` destination. */
export const cloudwatchOptions = z.strictObject(shape).superRefine((options, context) => {
  const refuse = (option: string, message: string) => context.addIssue({ code: 'custom', path: [option], message });
  for (const option of ofNewGroups) {
    if (options.create === 'groups_and_streams' || options[option] === undefined) continue;
    refuse(option, `is of the groups we create, and "create: ${options.create}" creates none`);
  }
  for (const option of ofAwsEndpoints) {
    if (options.endpoint === undefined || options[option] !== true) continue;
    refuse(option, 'chooses among the endpoints of AWS; leave out either this or "endpoint"');
  }
});

export type CloudwatchOptions = z.output<typeof cloudwatchOptions>;
