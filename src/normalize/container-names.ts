/** As the ECS agent names containers: `ecs-<family>-<version>-<container>-<hex>`. */
const ecsName = /^ecs-(.+)-\d+-[^-].*-[0-9a-f]{8,}$/;
/** As Swarm names tasks: `<service>.<slot>.<id>`. */
const swarmName = /^(.+)\.\d+\.[a-z0-9]{25}$/;
/** As compose numbers replicas: `shop-web-1`, or `shop_web_1` before version 2. */
const replicaName = /^(.+)[-_]\d{1,4}$/;

/** What the replicas of a container have in common. Names are short (`maxNameLength`) when they come here. */
export const withoutReplica = (containerName: string): string =>
  (ecsName.exec(containerName) ?? swarmName.exec(containerName) ?? replicaName.exec(containerName))?.[1] ??
  containerName;

const isRegistry = (part: string): boolean => part.includes('.') || part.includes(':') || part === 'localhost';

/**
 * `registry:5000/team/app:1.2@sha256:...` is `team/app`; undefined for an image that has an id only.
 * https://github.com/distribution/reference
 */
export const imageRepository = (image: string): string | undefined => {
  if (image.startsWith('sha256:')) return undefined;
  const [name = ''] = image.split('@', 1);
  const parts = name.split('/');
  const path = parts.length > 1 && isRegistry(parts[0] ?? '') ? parts.slice(1) : parts;
  const repository = path.join('/').replace(/:[^/]*$/, '');
  return repository === '' ? undefined : repository;
};

/** Docker's default tag is the container's short id; it names nobody. */
export const isExplicitTag = (tag: string, containerId: string): boolean => tag !== '' && !containerId.startsWith(tag);

/** The last part of `arn:aws:ecs:<region>:<account>:task/<cluster>/<id>`. */
export const taskIdOf = (taskArn: string): string => taskArn.slice(taskArn.lastIndexOf('/') + 1);
