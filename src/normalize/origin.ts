import type { EventInfo } from '../event/event.ts';
import type { RecordFields } from '../event/record.ts';
import type { HostFacts } from '../platform/host-identity.ts';
import { imageRepository, isExplicitTag, taskIdOf, withoutReplica } from './container-names.ts';
import { safeName, safeText } from './safe-name.ts';
import { isContainerLine, writerFields } from './trusted-writer.ts';
import { unitName } from './unit-name.ts';

/** What a record says of where it comes from, in the journal's words alone. Shared by the events of one origin. */
export interface Origin {
  readonly service: string;
  readonly stream: string;
  readonly info: EventInfo;
}

/** How services and streams are named. */
export interface OriginOptions {
  /** `ecs-logs`: tag and name of a container as they are, as that program had them. */
  readonly naming: 'sluice' | 'ecs-logs';
  /** A journal field that gives the stream of records that have it. */
  readonly streamField: string | undefined;
  /** Static labels of the configuration. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Every journal field that an origin depends on, besides `streamField`. */
export const originFields: readonly string[] = [
  ...writerFields,
  '_HOSTNAME',
  '_MACHINE_ID',
  '_PID',
  '_GID',
  'SYSLOG_IDENTIFIER',
  'CONTAINER_ID',
  'CONTAINER_ID_FULL',
  'CONTAINER_NAME',
  'CONTAINER_TAG',
  'IMAGE_NAME',
  'COM_AMAZONAWS_ECS_CLUSTER',
  'COM_AMAZONAWS_ECS_TASK_ARN',
  'COM_AMAZONAWS_ECS_CONTAINER_NAME',
  'COM_AMAZONAWS_ECS_TASK_DEFINITION_FAMILY',
  'COM_DOCKER_COMPOSE_SERVICE',
];

const textOf = (fields: RecordFields, name: string): string | undefined => {
  const value = fields.get(name);
  return value === undefined || value === '' ? undefined : safeText(value);
};

const numberOf = (fields: RecordFields, name: string): number | undefined => {
  const value = fields.get(name);
  return value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
};

const explicitTag = (fields: RecordFields, naming: OriginOptions['naming']): string | undefined => {
  const tag = fields.get('CONTAINER_TAG') ?? '';
  const id = fields.get('CONTAINER_ID_FULL') ?? fields.get('CONTAINER_ID') ?? '';
  return naming === 'ecs-logs' || isExplicitTag(tag, id) ? tag : undefined;
};

/** In the order of the schema, which changes only with its version; the first that leaves a name decides. */
const containerService = (fields: RecordFields, naming: OriginOptions['naming']): string | undefined => {
  const name = textOf(fields, 'CONTAINER_NAME');
  const image = textOf(fields, 'IMAGE_NAME');
  const candidates = [
    explicitTag(fields, naming),
    fields.get('COM_AMAZONAWS_ECS_TASK_DEFINITION_FAMILY'),
    fields.get('COM_DOCKER_COMPOSE_SERVICE'),
    name === undefined ? undefined : withoutReplica(name),
    image === undefined ? undefined : imageRepository(image),
  ];
  for (const candidate of candidates) {
    const service = candidate === undefined ? undefined : safeName(candidate);
    if (service !== undefined) return service;
  }
  return undefined;
};

/** The service of what the kernel writes. */
export const kernelService = 'kernel';

/** The service of what a unit writes; `host` where its name means nothing. */
export const serviceOfUnit = (unit: string): string => safeName(unitName(unit) ?? '') ?? 'host';

const hostService = (fields: RecordFields): string => {
  if (fields.get('_TRANSPORT') === 'kernel') return kernelService;
  const unit = fields.get('_SYSTEMD_UNIT');
  return unit === undefined ? 'host' : serviceOfUnit(unit);
};

const taskOf = (fields: RecordFields): string | undefined => {
  const arn = textOf(fields, 'COM_AMAZONAWS_ECS_TASK_ARN');
  return arn === undefined ? undefined : taskIdOf(arn);
};

const containerStream = (fields: RecordFields, naming: OriginOptions['naming']): string | undefined => {
  const name = fields.get('CONTAINER_NAME');
  const task = naming === 'ecs-logs' ? undefined : taskOf(fields);
  const ecsContainer = fields.get('COM_AMAZONAWS_ECS_CONTAINER_NAME') ?? name;
  return task === undefined || ecsContainer === undefined ? name : `${task}/${ecsContainer}`;
};

/** CloudWatch takes neither `:` nor `*` in the name of a stream (API reference, CreateLogStream). */
const safeStream = (stream: string | undefined): string | undefined =>
  stream === undefined ? undefined : safeName(stream.replaceAll(/[:*]/g, '/'));

type Optional<Shape> = { readonly [Key in keyof Shape]?: Shape[Key] | undefined };

const withoutUndefined = (info: Optional<EventInfo>): EventInfo =>
  Object.fromEntries(Object.entries(info).filter(([, value]) => value !== undefined));

/** The cloud's word counts for this machine only: a journal may hold entries of others. */
const machineInfo = (fields: RecordFields, host: HostFacts): Optional<EventInfo> => {
  const machine = textOf(fields, '_MACHINE_ID');
  const name = textOf(fields, '_HOSTNAME') ?? host.name;
  if (machine !== undefined && host.machineId !== undefined && machine !== host.machineId)
    return { host: name, machine };
  return { host: name, ...host.cloud };
};

/** Unit, process and user of a container's line are dockerd's, so that they are left out. */
const containerInfo = (fields: RecordFields): Optional<EventInfo> => {
  const cluster = textOf(fields, 'COM_AMAZONAWS_ECS_CLUSTER');
  return {
    ...(cluster !== undefined && { cluster }),
    task: taskOf(fields),
    container: (textOf(fields, 'CONTAINER_ID') ?? textOf(fields, 'CONTAINER_ID_FULL'))?.slice(0, 12),
    image: textOf(fields, 'IMAGE_NAME'),
  };
};

const processInfo = (fields: RecordFields): Optional<EventInfo> => ({
  unit: textOf(fields, '_SYSTEMD_UNIT'),
  identifier: textOf(fields, 'SYSLOG_IDENTIFIER'),
  pid: numberOf(fields, '_PID'),
  uid: numberOf(fields, '_UID'),
  gid: numberOf(fields, '_GID'),
});

/** Depends on `originFields`, the host and the options alone. */
export const originOf = (fields: RecordFields, host: HostFacts, options: OriginOptions): Origin => {
  const { naming, streamField, labels } = options;
  const isContainer = isContainerLine(fields);
  const machine = machineInfo(fields, host);
  const chosen = streamField === undefined ? undefined : fields.get(streamField);
  const named = isContainer ? containerStream(fields, naming) : undefined;
  return {
    service: (isContainer ? containerService(fields, naming) : undefined) ?? hostService(fields),
    stream: safeStream(chosen) ?? safeStream(named) ?? safeStream(machine.host) ?? 'host',
    info: withoutUndefined({
      ...machine,
      ...(isContainer ? containerInfo(fields) : processInfo(fields)),
      labels: Object.keys(labels).length === 0 ? undefined : labels,
    }),
  };
};
