export {
  defineAdapter,
  type AdapterContext,
  type AdapterManifest,
  type AdapterModule,
  type AdapterOptionsSchema,
  type Sender,
} from './adapter.ts';
export type { AcceptanceWindow, Batch, BatchEntry, BatchLimits } from './batch.ts';
export type { Clock } from '../platform/clock.ts';
export { createHttpAgents, type HttpAgents } from './http/agents.ts';
export {
  classifyAnswer,
  classifyRequestError,
  describeAnswer,
  isHtml,
  parseJsonAnswer,
  type HttpAnswer,
  type HttpPeer,
} from './http/classify.ts';
export { createHttpPoster, type HttpExchange, type HttpPoster, type HttpRequest } from './http/post.ts';
export { quote } from './http/quote.ts';
export { parseRetryAfter } from './http/retry-after.ts';
export type { Logger } from './logger.ts';
export { compression, type Compression } from './options/compression.ts';
export { connectionOptions, type ConnectionOptions } from './options/connection.ts';
export { Secret, secret } from './options/secret.ts';
export { parseSize, size } from './options/size.ts';
export { delivered, type FailureScope, type Rejection, type SendResult } from './send-result.ts';
export {
  SourceError,
  type GapDetection,
  type Source,
  type SourceCheck,
  type SourceHead,
  type SourceMessage,
  type SourceReader,
  type Start,
  type StartPoint,
} from './source.ts';
export type { SourceCapacity, SourceSegment } from './source-capacity.ts';
export { parseStart, start } from './options/start.ts';
export { compileTemplate, template, type Template } from './template.ts';
export { type EncodableEvent, type Encoding, encodings, encodeEvent, isEmbeddedMetric } from '../event/encode.ts';
export type { LogEvent } from '../event/event.ts';
export type { Loss, LossOwner } from '../event/loss.ts';
export { duration, parseDuration } from '../event/duration.ts';
export { isJsonObject, type JsonObject, type JsonValue } from '../event/json.ts';
export { type Level, levels, severityOf } from '../event/level.ts';
export type { LogRecord, RecordFields, RecordPosition } from '../event/record.ts';
export { codeOf, messageOf } from '../platform/error.ts';
export { linesOf } from './lines.ts';
export { originText } from './origin-text.ts';
export { formatTimeMs, formatTimeUs } from '../event/time.ts';
