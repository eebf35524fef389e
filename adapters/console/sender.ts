import type { AdapterContext, EncodableEvent, Sender, SendResult } from '#sdk';
import { codeOf, delivered } from '#sdk';
import type { ConsoleOptions } from './options.ts';
import { Output, type OutputStream, type Written } from './output.ts';
import { createPalette } from './palette.ts';
import { renderPretty } from './pretty.ts';

/** The reason of a `denied` result when whoever read us has gone, as in `sluice run | head`. */
export const outputClosed = 'standard output was closed by its reader';

type Environment = AdapterContext['environment'];

const isColored = (options: ConsoleOptions, stream: OutputStream, environment: Environment): boolean => {
  if (options.color !== 'auto') return options.color === 'always';
  // https://no-color.org: present and not empty, whatever its value.
  return stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
};

const createEncoder = (options: ConsoleOptions, context: AdapterContext, stream: OutputStream) => {
  const isPretty = options.format === 'auto' ? stream.isTTY === true : options.format === 'pretty';
  if (!isPretty) return (item: EncodableEvent) => item.text(context.encoding);
  const palette = createPalette(isColored(options, stream, context.environment));
  return (item: EncodableEvent) => renderPretty(item.event, palette);
};

const resultOf = (written: Written): SendResult => {
  if (written === 'taken') return delivered;
  if (written === 'stopped') {
    return { status: 'retry', scope: 'destination', reason: 'standard output is not being read' };
  }
  const isGone = codeOf(written) === 'EPIPE' || codeOf(written) === 'ERR_STREAM_DESTROYED';
  const reason = isGone ? outputClosed : `standard output can't be written: ${written.message}`;
  return { status: 'denied', scope: 'destination', reason };
};

/** Writes to a stream; delivered means that the operating system has taken the bytes. */
export const createStreamSender = (options: ConsoleOptions, context: AdapterContext, stream: OutputStream): Sender => {
  const output = new Output(stream);
  return {
    batchKey: () => '',
    encode: createEncoder(options, context, stream),
    send: async (batch, signal) => {
      const text = batch.entries.map((entry) => `${entry.text}\n`).join('');
      return resultOf(await output.write(batch, text, signal));
    },
    close: async () => output.release(),
  };
};

export const createSender = (options: ConsoleOptions, context: AdapterContext): Sender =>
  createStreamSender(options, context, process.stdout);
