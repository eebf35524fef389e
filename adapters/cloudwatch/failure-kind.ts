/** What a failed call means, whatever the call was. */
export type FailureKind =
  /** Too many calls in this account and region. */
  | 'throttled'
  /** The service, or a proxy before it, can't answer now. */
  | 'unavailable'
  /** No whole answer came: refused, reset, timed out, TLS. The call may have taken effect. */
  | 'unreachable'
  /** There are no credentials, no region, or a file that the configuration names. */
  | 'configuration'
  /** The credentials are expired, wrong or not allowed anything. */
  | 'credentials'
  /** The signature is dated too far from the service's clock; the SDK corrects it from the answer. */
  | 'clock'
  /** The credentials are good but not for this group. */
  | 'forbidden'
  /** The account may not have more of these. */
  | 'quota'
  /** The group or the stream does not exist. */
  | 'missing'
  | 'already exists'
  /** Another call was changing the same thing. */
  | 'conflict'
  /** The same batch was taken before. */
  | 'duplicate'
  | 'too large'
  /** The name of the group or stream is refused. */
  | 'bad name'
  /** The content is refused. */
  | 'invalid'
  | 'unknown';

/** Every client error of this protocol is an HTTP 400, so that only the name tells. Names: API reference, "Common Errors". */
const kindByName: ReadonlyMap<string, FailureKind> = new Map([
  ['ThrottlingException', 'throttled'],
  ['Throttling', 'throttled'],
  ['ThrottledException', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['ServiceUnavailableException', 'unavailable'],
  ['ServiceUnavailable', 'unavailable'],
  ['InternalFailure', 'unavailable'],
  ['InternalServerException', 'unavailable'],
  ['RequestTimeout', 'unavailable'],
  ['RequestTimeoutException', 'unavailable'],
  ['TimeoutError', 'unreachable'],
  ['AbortError', 'unreachable'],
  ['ConfigurationError', 'configuration'],
  ['CredentialsProviderError', 'configuration'],
  ['TokenProviderError', 'configuration'],
  ['ExpiredTokenException', 'credentials'],
  ['ExpiredToken', 'credentials'],
  ['UnrecognizedClientException', 'credentials'],
  ['InvalidClientTokenId', 'credentials'],
  ['InvalidIdentityToken', 'credentials'],
  ['MissingAuthenticationToken', 'credentials'],
  ['MissingAuthenticationTokenException', 'credentials'],
  ['IncompleteSignature', 'credentials'],
  ['IncompleteSignatureException', 'credentials'],
  ['OptInRequired', 'credentials'],
  ['NotAuthorized', 'credentials'],
  ['RequestExpired', 'clock'],
  ['RequestTimeTooSkewed', 'clock'],
  ['LimitExceededException', 'quota'],
  ['ServiceQuotaExceededException', 'quota'],
  ['ResourceNotFoundException', 'missing'],
  ['ResourceAlreadyExistsException', 'already exists'],
  ['OperationAbortedException', 'conflict'],
  ['ConflictException', 'conflict'],
  ['InvalidSequenceTokenException', 'conflict'],
  ['DataAlreadyAcceptedException', 'duplicate'],
  ['SerializationException', 'invalid'],
]);

/** Names whose meaning depends on the text. */
const kindByText: ReadonlyMap<string, (text: string) => FailureKind> = new Map([
  ['InvalidSignatureException', signatureKind],
  ['SignatureDoesNotMatch', signatureKind],
  ['AccessDeniedException', accessKind],
  ['AccessDenied', accessKind],
  ['InvalidParameterException', parameterKind],
  ['ValidationException', parameterKind],
]);

function signatureKind(text: string): FailureKind {
  return /Signature (?:expired|not yet current)/i.test(text) ? 'clock' : 'credentials';
}

/** One group among many may be closed to us, or its key; a refusal that names neither concerns everything. */
function accessKind(text: string): FailureKind {
  return /:log-group:|\bkms\b/i.test(text) ? 'forbidden' : 'credentials';
}

function parameterKind(text: string): FailureKind {
  if (/too large/i.test(text)) return 'too large';
  return /at 'log(?:Group|Stream)Name'/.test(text) ? 'bad name' : 'invalid';
}

const kindByStatus = (status: number): FailureKind => {
  if (status === 413) return 'too large';
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403 || status === 407) return 'credentials';
  return status >= 500 || status < 400 || status === 408 ? 'unavailable' : 'unknown';
};

/** True for the name of an error that the service itself is known to answer with. */
export const isKnownName = (name: string): boolean => kindByName.has(name) || kindByText.has(name);

/** What an error of this name, text and HTTP status means; without a status nobody answered. */
export const kindOf = (name: string, text: string, status: number | undefined): FailureKind =>
  kindByName.get(name) ?? kindByText.get(name)?.(text) ?? (status === undefined ? 'unreachable' : kindByStatus(status));
