/** What the cloud says of this host; members are absent until known. */
export interface CloudIdentity {
  /** EC2 instance id: `i-0123456789abcdef0`. */
  readonly instance?: string;
  readonly region?: string;
  /** AWS account, 12 digits. */
  readonly account?: string;
  /** Name of the ECS cluster. */
  readonly cluster?: string;
}
