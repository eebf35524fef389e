/** An error as the service answers it (AWS JSON 1.1: the name in `__type`, every client error an HTTP 400). */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(type: string, message: string, status = 400, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.type = type;
    this.status = status;
    this.headers = headers;
  }
}

export const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterException', message);

/** The text of a broken constraint of the API's model. */
export const brokenConstraint = (value: string, member: string, constraint: string): ServiceError =>
  invalidParameter(
    `1 validation error detected: Value '${value.slice(0, 100)}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );
